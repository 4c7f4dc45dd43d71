"""Putting menus into force, trying them out on some, and taking them back: for `hallgate menus` and
whoever else may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.config.checked_yaml import BadFile
from gateway.config.menu_edition import DecisionKind, Edition, EditionDecision, before, edition_of
from gateway.config.menu_files import MenuFiles
from gateway.dialogue.menus_in_force import WHOLE
from gateway.store.menus.editions import SqlEditions
from menus.lint.published_numbers import broken_promises

NOTHING: Final = "nothing has been published yet: gateways serve the files of conf/menus"


class NotPublished(Exception):
    """It was not done; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Somebody who decides now (`now`: seconds since 1970), and why."""

    editions: SqlEditions
    author: str
    now: int
    reason: str = ""

    def publish(self, menus: MenuFiles, use: Mapping[str, int] | None = None) -> EditionDecision:
        """Sound menus are in force for everybody from now on; a canary ends. Raises BadFile if they
        break a promise: a published number that would do something else."""
        edition = self.keep(menus, use)
        return self._decided(EditionDecision(*self._who(DecisionKind.PUBLISHED), edition.version))

    def keep(self, menus: MenuFiles, use: Mapping[str, int] | None = None) -> Edition:
        """In the store, without being in force. Raises BadFile, as `publish`."""
        self._keep_promises(menus)
        edition = edition_of(menus, self.author, self.reason, self.now, use)
        self.editions.keep(edition)
        return edition

    def _keep_promises(self, menus: MenuFiles) -> None:
        decisions = self.editions.decisions()
        version = decisions[-1].version if decisions else self._from_conf()
        old = self.editions.find(version)
        if old is None:
            return
        try:
            promised = old.menus().book
        except BadFile:  # of an older program: nothing can be learnt from it
            return
        if broken := list(broken_promises(promised, menus.book)):
            raise BadFile(menus.findings(broken))

    def _from_conf(self) -> str:
        """What gateways serve as long as nothing has been published."""
        return next(iter(self.editions.found_in_conf(self.now)), "")

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
        if self.editions.find(version) is None:
            raise NotPublished(f"there is no version {version}: see hallgate menus versions")
        if not (0 < share <= WHOLE or numbers):
            raise NotPublished("a canary needs --percent or --numbers")
        held = self._in_force()
        if held == version:
            raise NotPublished(f"{version} is in force already")
        who = self._who(DecisionKind.CANARY)
        return self._decided(EditionDecision(*who, held, version, share, numbers))

    def _in_force(self) -> str:
        decisions = self.editions.decisions()
        version = decisions[-1].version if decisions else self._from_conf()
        if not version:
            raise NotPublished("no gateway has served any menus yet: publish what is to hold")
        return version

    def end_canary(self) -> EditionDecision:
        """Everybody begins on the version in force again. Raises NotPublished."""
        last = self._trying()
        return self._decided(EditionDecision(*self._who(DecisionKind.CANARY_ENDED), last.version))

    def promote(self) -> EditionDecision:
        """What was tried out is for everybody. Raises NotPublished."""
        last = self._trying()
        return self._decided(EditionDecision(*self._who(DecisionKind.PROMOTED), last.canary))

    def _trying(self) -> EditionDecision:
        decisions = self.editions.decisions()
        if not decisions or not decisions[-1].canary:
            raise NotPublished("no version is being tried out")
        return decisions[-1]

    def _who(self, what: DecisionKind) -> tuple[int, str, str, DecisionKind]:
        return self.now, self.author, self.reason, what

    def _decided(self, decision: EditionDecision) -> EditionDecision:
        self.editions.decide(decision)
        return decision
