"""Putting an edition of conf/ into force, trying it out on some, and taking it back: for
`hallgate edition` and whoever else may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.config.checked_yaml import BadFile
from gateway.config.editions.conf_files import MENUS, ConfFiles, below
from gateway.config.editions.edition import (
    DecisionKind,
    Edition,
    EditionDecision,
    EditionProposal,
    Wanted,
    before,
)
from gateway.config.editions.edition_made import edition_of
from gateway.config.menu_files import menus_of
from gateway.dialogue.editions_in_force import WHOLE
from gateway.model.operators.refusals import ActRefusal, NothingSuch
from gateway.store.editions.editions import SqlEditions
from menus.lint.published_numbers import broken_promises

NOTHING: Final = "nothing has been published yet: gateways serve the files of conf/"


class NotPublished(ActRefusal):
    """It was not done; the text says why and what to do."""


class UnknownEdition(NotPublished, NothingSuch):
    def __init__(self, version: str) -> None:
        super().__init__(f"there is no version {version}: see hallgate edition versions")


@dataclass(frozen=True, slots=True)
class Publisher:
    """Somebody who decides now (`now`: seconds since 1970), and why."""

    editions: SqlEditions
    author: str
    now: int
    reason: str = ""

    def publish(self, files: ConfFiles, use: Mapping[str, int] | None = None) -> EditionDecision:
        """A sound conf/ is in force for everybody from now on; a canary ends. Raises BadFile if its
        menus break a promise: a published number that would do something else."""
        return self.put_in_force(self.keep(files, use).version)

    def put_in_force(self, version: str) -> EditionDecision:
        """What is kept already. Raises NotPublished."""
        self._known(version)
        return self._decided(EditionDecision(*self._who(DecisionKind.PUBLISHED), version))

    def _known(self, version: str) -> None:
        if self.editions.find(version) is None:
            raise UnknownEdition(version)

    def does(self, wanted: EditionProposal) -> EditionDecision:
        """What somebody proposed. Raises NotPublished."""
        match wanted.what:
            case Wanted.PUBLISH:
                return self.put_in_force(wanted.version)
            case Wanted.CANARY:
                return self.try_out(wanted.version, wanted.share, wanted.numbers)
            case Wanted.PROMOTE:
                return self.promote(wanted.version)

    def can(self, wanted: EditionProposal) -> None:
        """Raises NotPublished, if `does` would."""
        match wanted.what:
            case Wanted.PUBLISH:
                self._known(wanted.version)
            case Wanted.CANARY:
                self._can_be_tried(wanted.version, wanted.share, wanted.numbers)
            case Wanted.PROMOTE:
                self._trying(wanted.version)

    def keep(self, files: ConfFiles, use: Mapping[str, int] | None = None) -> Edition:
        """In the store, without being in force. Raises BadFile, as `publish`."""
        self._keep_promises(files)
        edition = edition_of(files, self.author, self.reason, self.now, use)
        self.editions.keep(edition)
        return edition

    def _keep_promises(self, files: ConfFiles) -> None:
        old = self.editions.find(in_force(self.editions, self.now))
        if old is None:
            return
        try:
            promised = menus_of(old.menus).book
        except BadFile:  # of an older program: nothing can be learnt from it
            return
        menus = menus_of({f"{MENUS}/{name}": text for name, text in below(files, MENUS).items()})
        if broken := list(broken_promises(promised, menus.book)):
            raise BadFile(menus.findings(broken))

    def roll_back(self) -> EditionDecision:
        """A canary ends; without one, the version before is in force again. Raises
        NotPublished."""
        decisions = self.editions.decisions()
        if not decisions:
            raise NotPublished(NOTHING)
        last = decisions[-1]
        if last.canary:
            return self.end_canary()
        version = before(decisions) or self._before_all(decisions[0], last.version)
        if not version:
            raise NotPublished("there is no version before this one: publish what is to hold")
        return self._decided(EditionDecision(*self._who(DecisionKind.ROLLED_BACK), version))

    def _before_all(self, first: EditionDecision, version: str) -> str:
        found = self.editions.found_in_conf(first.at)
        return next((one for one in found if one != version), "")

    def try_out(
        self, version: str, share: int = 0, numbers: frozenset[str] = frozenset()
    ) -> EditionDecision:
        """On a share of all numbers (of 10,000) and on these. Raises NotPublished."""
        held = self._can_be_tried(version, share, numbers)
        who = self._who(DecisionKind.CANARY)
        return self._decided(EditionDecision(*who, held, version, share, numbers))

    def _can_be_tried(self, version: str, share: int, numbers: frozenset[str]) -> str:
        """What is in force meanwhile."""
        self._known(version)
        if not (0 < share <= WHOLE or numbers):
            raise NotPublished("a canary needs --percent or --numbers")
        held = self._in_force()
        if held == version:
            raise NotPublished(f"{version} is in force already")
        return held

    def _in_force(self) -> str:
        if not (version := in_force(self.editions, self.now)):
            raise NotPublished("no gateway has served from conf/ yet: publish what is to hold")
        return version

    def end_canary(self) -> EditionDecision:
        """Everybody begins on the version in force again. Raises NotPublished."""
        last = self._trying()
        return self._decided(EditionDecision(*self._who(DecisionKind.CANARY_ENDED), last.version))

    def promote(self, version: str = "") -> EditionDecision:
        """What was tried out is for everybody. Raises NotPublished, also if it is another than this
        version by now."""
        last = self._trying(version)
        return self._decided(EditionDecision(*self._who(DecisionKind.PROMOTED), last.canary))

    def _trying(self, version: str = "") -> EditionDecision:
        last = self.editions.last_decision()
        if last is None or not last.canary:
            raise NotPublished("no version is being tried out")
        if version not in ("", last.canary):
            raise NotPublished(f"{version} is no longer tried out, but {last.canary}")
        return last

    def _who(self, what: DecisionKind) -> tuple[int, str, str, DecisionKind]:
        return self.now, self.author, self.reason, what

    def _decided(self, decision: EditionDecision) -> EditionDecision:
        self.editions.decide(decision)
        return decision


def in_force(editions: SqlEditions, now: int) -> str:
    """The version that everybody begins on who is not chosen for a canary: what was published, or
    else what a gateway found in its conf/ last. Empty: no gateway has run yet."""
    if (last := editions.last_decision()) is not None:
        return last.version
    return next(iter(editions.found_in_conf(now)), "")
