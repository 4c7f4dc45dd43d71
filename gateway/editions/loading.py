"""What the store says is in force, as snapshots. Gateways follow it wherever it was decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.editions.conf_files import ConfFiles
from gateway.config.editions.edition import FROM_CONF, Edition, EditionDecision
from gateway.config.settings import Settings
from gateway.dialogue.editions_in_force import Canary, EditionsInForce
from gateway.dialogue.snapshot import HallSnapshot, open_edition
from gateway.store.editions.editions import SqlEditions
from gateway.store.store import Store

LASTING: Final = 2 * 24 * 3600  # seconds: longer than any dialogue is open
TAKEN_UP: Final = 5  # seconds after which all gateways serve what was decided
MOST: Final = 8  # editions in memory besides those in force; each takes 20 MB
Found = TypeVar("Found")
OpensEdition = Callable[[Settings, Edition, ConfFiles], HallSnapshot]
"""Like `open_edition`."""


@dataclass(frozen=True, slots=True)
class LoadedEditions:
    """`findings`: why a version that is in force could not be put there."""

    in_force: EditionsInForce
    findings: tuple[Finding, ...] = ()


def keep_own(editions: SqlEditions, own: HallSnapshot, now: int) -> None:
    """What lies in conf/ is in force until something is published: then dialogues that began on it,
    here or at another gateway, find it in the store."""
    if editions.last_decision() is None:
        editions.keep(Edition(own.version, now, FROM_CONF, "", own.files))


class EditionLoading:
    """Once: what the store says at this moment; it is asked shortly and often, for reading an
    edition takes seconds. `own` reads conf/, and raises BadFile; it is asked only for what must be
    read there."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        own: Callable[[], HallSnapshot],
        now: int,
        before: EditionsInForce | None = None,
        *,
        left: Mapping[str, int] | None = None,
        anew: bool = False,
        opens: OpensEdition = open_edition,
    ) -> None:
        """`before`: what has been in force here; of this, editions need not be read again, unless
        they are to be: `anew`. `left`: since when a version is in force here no longer."""
        self._store = store
        self._settings = settings
        self._own = own
        self._now = now
        self._before = before
        self._known: Mapping[str, HallSnapshot] = before.snapshots if before else {}
        self._left = left or {}
        self._anew = anew
        self._opens = opens

    def load(self) -> LoadedEditions:
        """A version that this program cannot use leaves in force what was; raises BadFile where
        nothing was."""
        decisions = self._asked(lambda editions: editions.decisions())
        if not decisions:
            own = self._own()
            return LoadedEditions(EditionsInForce(own, None, self._older(decisions)))
        last, older = decisions[-1], self._older(decisions)
        try:
            base = self._in_force(last.version)
            canary = self._canary(last)
        except BadFile as bad:
            before = self._before
            instead = before.base if before else self._own()
            in_force = EditionsInForce(instead, None, older)
            return LoadedEditions(in_force, tuple(bad.findings))
        return LoadedEditions(EditionsInForce(base, canary, older))

    def _canary(self, last: EditionDecision) -> Canary | None:
        if not last.canary:
            return None
        snapshot = self._in_force(last.canary)
        return Canary(snapshot, last.share, last.numbers, last.at + TAKEN_UP)

    def _in_force(self, version: str) -> HallSnapshot:
        """Raises BadFile."""
        known = None if self._anew else self._known.get(version)
        return known if known is not None else self._read(version)

    def _read(self, version: str) -> HallSnapshot:
        edition = self._asked(lambda editions: editions.find(version))
        if edition is None:
            raise BadFile([Finding(version, 1, "is not in the store", "Publish it again")])
        own = {} if edition.whole else self._own().files
        return self._opens(self._settings, edition, own)

    # -- on which dialogues may be open ----------------------------------------------------------

    def _older(self, decisions: Sequence[EditionDecision]) -> list[HallSnapshot]:
        """The newest last."""
        since, left = self._now - LASTING, self._left
        known = self._known.items()
        found = {version: one for version, one in known if left.get(version, since) >= since}
        for version in self._recent(decisions):
            if version in found:
                found |= {version: found.pop(version)}
            elif (read := self._readable(version)) is not None:
                found[version] = read
        return list(found.values())[-MOST:]

    def _recent(self, decisions: Sequence[EditionDecision]) -> Iterator[str]:
        since = self._now - LASTING
        last = decisions[-1] if decisions else None
        now = {last.version, last.canary} if last else {self._own().version}
        held = self._made_since(since) if last is None else []
        for earlier, decision in zip([None, *decisions], decisions, strict=False):
            if decision.at >= since:  # until then the earlier one held
                before = self._first(decision.at) if earlier is None else earlier
                held += _versions(before)
                held += _versions(decision)
        for version in list(dict.fromkeys(held))[-MOST:]:
            if version not in now:
                yield version

    def _first(self, at: int) -> str:
        """What was in force before anything was published."""
        return next(iter(self._asked(lambda editions: editions.found_in_conf(at))), "")

    def _made_since(self, moment: int) -> list[str]:
        return self._asked(lambda editions: editions.made_since(moment))

    def _asked(self, ask: Callable[[SqlEditions], Found]) -> Found:
        with self._store.reading() as connection:
            return ask(SqlEditions(connection))

    def _readable(self, version: str) -> HallSnapshot | None:
        try:
            return self._read(version)
        except BadFile:  # of another program; its dialogues begin anew
            return None


def _versions(held: EditionDecision | str) -> list[str]:
    if isinstance(held, str):
        return [held] if held else []
    return [version for version in (held.version, held.canary) if version]
