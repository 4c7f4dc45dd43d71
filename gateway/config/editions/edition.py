"""Editions of conf/: what was published by whom, when and why, and which is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from gateway.config.editions.conf_files import MENUS, ConfFiles, below, conf_files, with_folder
from gateway.config.settings import Settings

FROM_CONF: Final = "conf"  # the author of what gateways found there before they were told


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of conf/. `use` are the counts that options of menus were put in order by;
    `made_at` is in seconds since 1970. One that is not `whole` holds menus only, as older programs
    published them: the rest is what each gateway has in its own conf/."""

    version: str
    made_at: int
    author: str
    reason: str
    files: ConfFiles
    use: Mapping[str, int] = field(default_factory=dict)
    whole: bool = True

    @property
    def menus(self) -> dict[str, str]:
        """The files of its menus, by the names they have in conf/menus."""
        return below(self.files, MENUS)

    def upon(self, own: ConfFiles) -> ConfFiles:
        """All that is to be read, where a gateway has its `own` files."""
        return self.files if self.whole else with_folder(own, MENUS, self.menus)


def files_of(edition: Edition, settings: Settings) -> ConfFiles:
    """All that is to be read where conf/ is that of these settings. Raises BadFile."""
    return edition.files if edition.whole else edition.upon(conf_files(settings.conf))


class DecisionKind(StrEnum):
    PUBLISHED = "published"
    ROLLED_BACK = "rolled back"
    CANARY = "canary"
    CANARY_ENDED = "canary ended"
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True)
class EditionDecision:
    """What has held since `at`: a version for all, and another for some while it is tried out.
    `share` is of 10,000 numbers."""

    at: int
    author: str
    reason: str
    what: DecisionKind
    version: str
    canary: str = ""
    share: int = 0
    numbers: frozenset[str] = frozenset()


class Wanted(StrEnum):
    """What somebody wants done, and somebody else is to approve."""

    PUBLISH = "publish"
    CANARY = "canary"
    PROMOTE = "promote"


class ProposalState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class EditionProposal:
    """`held`: what was in force when it was made; `number` 0: it is not kept yet."""

    at: int
    author: str
    reason: str
    what: Wanted
    version: str
    held: str
    share: int = 0
    numbers: frozenset[str] = frozenset()
    state: ProposalState = ProposalState.OPEN
    decided_at: int = 0
    decided_by: str = ""
    number: int = 0


def before(decisions: Sequence[EditionDecision]) -> str:
    """The version that was in force before the one that is; empty if there was none. What was
    rolled back is not gone back to."""
    held: list[str] = []
    for decision in decisions:
        if decision.what is DecisionKind.ROLLED_BACK and held and decision.version != held[-1]:
            held.pop()
        if not held or held[-1] != decision.version:
            held.append(decision.version)
    return held[-2] if len(held) > 1 else ""
