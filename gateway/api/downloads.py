"""What a browser is to keep as a file, and not to show."""

from __future__ import annotations

from typing import Final

AS_FILE: Final = "Content-Disposition"


def as_file(name: str) -> dict[str, str]:
    """The header (RFC 6266). `name`: of our own making, without quotation marks or line breaks."""
    return {AS_FILE: f'attachment; filename="{name}"'}
