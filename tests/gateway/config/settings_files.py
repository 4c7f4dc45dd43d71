"""Settings as a file, the environment and assignments give them; and their mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from gateway.config.checked_yaml import BadFile
from gateway.config.settings import Settings
from gateway.config.sources import read_settings

ONE_LINK = "smpp:\n  links:\n    - name: smsc-a\n"


def read(
    folder: Path, text: str = "", *sets: str, environment: Mapping[str, str] | None = None
) -> Settings:
    """A file that holds `text`, with only this environment over it."""
    path = folder / "my.yaml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path, sets, environment or {})


def findings(
    folder: Path, text: str = "", *sets: str, environment: Mapping[str, str] | None = None
) -> list[tuple[int, str]]:
    """Line and words of each mistake."""
    with pytest.raises(BadFile) as bad:
        read(folder, text, *sets, environment=environment)
    return [(found.line, str(found)) for found in bad.value.findings]
