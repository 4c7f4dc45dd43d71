"""Keeps the editions of a running gateway as the store has them, whoever decided and at which
gateway."""

from __future__ import annotations

from collections.abc import Callable

from gateway.config.editions.edition import EditionDecision
from gateway.config.settings import Settings
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.snapshot import HallSnapshot, open_edition, open_snapshot
from gateway.editions.loading import EditionLoading, LoadedEditions, OpensEdition, keep_own
from gateway.ops.log import Log
from gateway.store.editions.editions import SqlEditions
from gateway.store.store import Store


class EditionFollower:
    """Everything here waits for the store: call it from a thread, once at a time. `wall` gives
    seconds since 1970."""

    def __init__(
        self,
        store: Store,
        wall: Callable[[], float],
        log: Log,
        settings: Settings,
        read: Callable[[Settings], HallSnapshot] = open_snapshot,
        opens: OpensEdition = open_edition,
    ) -> None:
        """`read` reads the conf/ that the settings name; `opens` an edition of the store."""
        self._store = store
        self._wall = wall
        self._log = log
        self.settings = settings
        self._read = read
        self._opens = opens
        self._own: HallSnapshot | None = None
        self._left: dict[str, int] = {}
        self._mark: tuple[int, int] | None = None
        self._unlogged: LoadedEditions | None = None
        self.decided: EditionDecision | None = None  # what holds, and since when

    def news(self) -> bool:
        """Whether the store says something else than when it was last looked into."""
        with self._store.reading() as connection:
            return SqlEditions(connection).mark() != self._mark

    def begin(self) -> EditionsInForce:
        """What is in force as the store has it; conf/ is read only if something of it is. Raises
        BadFile."""
        return self._arranged(None, anew=True)

    def look(self, before: EditionsInForce) -> EditionsInForce:
        """What is in force now. What stood `before` stays within reach of the dialogues that are
        open on it."""
        return self._arranged(before, anew=False)

    def reload(self, settings: Settings, before: EditionsInForce) -> EditionsInForce:
        """The same, with conf/ read anew, and with these settings from now on. Raises BadFile: then
        everything stays."""
        kept = self.settings, self._own
        self.settings, self._own = settings, None
        try:
            return self._arranged(before, anew=True)
        except BaseException:
            self.settings, self._own = kept
            raise

    def _arranged(self, before: EditionsInForce | None, *, anew: bool) -> EditionsInForce:
        now = int(self._wall())
        with self._store.reading() as connection:
            decided = SqlEditions(connection).last_decision()
        if decided is None:
            own = self._conf()
            with self._store.transaction() as connection:
                keep_own(SqlEditions(connection), own, now)
        with self._store.reading() as connection:
            mark = SqlEditions(connection).mark()
        loading = EditionLoading(
            self._store, self.settings, self._conf, now, before, left=self._left, anew=anew,
            opens=self._opens,
        )  # fmt: skip
        loaded = loading.load()
        self._leave(before, loaded.in_force, now)
        self._mark = mark  # only now: what failed half-way is looked at again
        self.decided = decided
        if before is not None and before.base.said:
            loaded = LoadedEditions(loaded.in_force.saying(before.base.said), loaded.findings)
        if loaded.findings or before is None or _differ(loaded.in_force, before):
            self._unlogged = loaded
        return loaded.in_force

    def _leave(self, before: EditionsInForce | None, after: EditionsInForce, now: int) -> None:
        """Dialogues that began until now may still be open on what is in force no longer."""
        held = _held(before) if before is not None else set()
        for version in held - _held(after):
            self._left[version] = now
        for version in _held(after) | (self._left.keys() - after.snapshots.keys()):
            self._left.pop(version, None)

    def _conf(self) -> HallSnapshot:
        if self._own is None:
            self._own = self._read(self.settings)
        return self._own

    def tell(self) -> None:
        """What is in force, once it is served from."""
        loaded, self._unlogged = self._unlogged, None
        if loaded is None:
            return
        in_force = loaded.in_force
        if loaded.findings:
            told = [str(finding) for finding in loaded.findings]
            self._log.event("edition not taken up", instead=in_force.base.version, findings=told)
        else:
            canary = in_force.canary.snapshot.version if in_force.canary else ""
            self._log.event("edition", version=in_force.base.version, canary=canary)


def _held(editions: EditionsInForce) -> set[str]:
    tried = {editions.canary.snapshot.version} if editions.canary else set()
    return {editions.base.version, *tried}


def _differ(one: EditionsInForce, other: EditionsInForce) -> bool:
    return one.base.version != other.base.version or _tried(one) != _tried(other)


def _tried(editions: EditionsInForce) -> tuple[str, int, frozenset[str]] | None:
    canary = editions.canary
    if canary is None:
        return None
    return canary.snapshot.version, canary.share, canary.numbers
