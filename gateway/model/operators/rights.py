"""Rights: a verb and an object. What there is to have a right to stands here; who has which, in
conf/roles.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from tariffs.bilingual_name import BilingualName


class Right(NamedTuple):
    """May do this to such things."""

    verb: str
    object: str

    def __str__(self) -> str:
        return f"{self.object}.{self.verb}"


OBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "subscribers": ("read", "reveal", "change", "forget"),
    "tickets": ("read", "change", "assign", "escalate"),
    "lists": ("read", "change", "export"),
    "reminders": ("read", "change"),
    "events": ("write",),
    "notices": ("read", "change", "approve"),
    "figures": ("read", "export"),
    "interfaces": ("read", "change", "stop"),
    "editions": ("read", "change", "approve"),
    "links": ("read", "change"),
    "operators": ("read", "change"),
    "audit": ("read", "export", "verify"),
}
"""Every object and what can be done to it. `reveal`: full numbers and words, for a reason."""

LOOKS: Final = ("read", "reveal", "export")
"""Verbs that show and change nothing."""


@dataclass(frozen=True, slots=True)
class Role:
    """What people of one kind may do."""

    code: str
    name: BilingualName
    rights: frozenset[Right]
    reveals: int = 0  # subscribers whom one of them may see in full in a day; 0: any number of them
    edits: tuple[
        str, ...
    ] = ()  # files and folders of conf/ that their editions may change; (): all

    def may_edit(self, name: str) -> bool:
        """A file, by its path below conf/."""
        return not self.edits or any(f"{name}/".startswith(f"{one}/") for one in self.edits)


Roles = Mapping[str, Role]


def may(roles: Roles, role: str, right: Right) -> bool:
    """A role that conf/roles.yaml no longer has may do nothing."""
    found = roles.get(role)
    return found is not None and right in found.rights
