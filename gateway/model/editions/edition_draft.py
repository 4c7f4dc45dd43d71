"""What people write in the console before it is an edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file that is otherwise than in the base. `content` None: the draft is without it;
    `saved_at` in seconds since 1970."""

    name: str
    content: str | None
    saved_at: int
    saved_by: str


@dataclass(frozen=True, slots=True)
class EditionDraft:
    """`base`: the version that it began from, or has been brought up to; `version`: what it was
    kept as last; `writers`: who has ever saved in it; `number` 0: it is not kept yet."""

    name: str
    base: str
    began_at: int
    began_by: str
    files: Mapping[str, DraftFile] = field(default_factory=dict)
    version: str = ""
    writers: tuple[str, ...] = ()
    number: int = 0

    @property
    def changed(self) -> dict[str, str | None]:
        return {name: one.content for name, one in self.files.items()}

    @property
    def mark(self) -> str:
        """Of all that it says."""
        marks = sorted(f"{name} {mark_of(content)}" for name, content in self.changed.items())
        return mark_of("\n".join([self.base, *marks]))

    @property
    def saved_last(self) -> DraftFile | None:
        return max(self.files.values(), key=lambda one: one.saved_at, default=None)


def mark_of(content: str | None) -> str:
    """Of a text that somebody has seen: another text has another one."""
    return "-" if content is None else sha256(content.encode()).hexdigest()[:16]
