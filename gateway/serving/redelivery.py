"""Whether a message is new: asked of the store while other gateways serve it too, and else only for
who may be heard again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple, Protocol

from commands.dispatch.hourly_limit import counts_as
from commands.model.request import Channel
from commands.model.request_quota import QuotaCategory
from gateway.model.cluster_view import ClusterView
from gateway.model.message_id import copy_of, floor_at, moment_of
from gateway.model.messages import BindEnded, InboxEntry, LateAnswer, SmppInput
from gateway.model.redelivery import (
    DECIDED_WITHIN,
    LATE,
    LATE_FOR,
    Earlier,
    Past,
    Undecided,
    Verdict,
    verdict,
)
from gateway.model.smsc_groups import SmscGroups
from gateway.serving.rate_limit import HOUR, Asked
from gateway.store.connection import Connection
from gateway.store.redelivery import SqlRedelivery

ASKED_AGAIN: Final = 0.25  # seconds until who waits for a verdict is asked about again
SWEEP: Final = 60.0
"""Seconds between looks at all who may be heard again: under overload each message adds one."""
_GONE: Final = 4 * ASKED_AGAIN  # seconds without asking, after which it waits no more


MANY: Final = 100  # messages of one subscriber, more than anybody sends in an hour …
LAST: Final = 20_000  # subscribers of whom we remember by which bind they came
ENOUGH: Final = 50  # … of whom no more are looked at then


class ClusterMember(Protocol):
    """What is asked of the gateways on a store."""

    @property
    def view(self) -> ClusterView: ...


class OnlyOne:
    """A gateway that has its store for itself."""

    view: Final = ClusterView()


class _Last(NamedTuple):
    """What somebody sent last."""

    bind: int
    message: int


class _Waiting(NamedTuple):
    message: int
    until: float


class Redelivery:
    """What lasts longer than one transaction. For all desk threads: work of one subscriber is never
    served by two at once."""

    def __init__(
        self,
        horizon: int,
        wall: Callable[[], float],
        smscs: SmscGroups,
        membership: ClusterMember | None = None,
    ) -> None:
        """`horizon`: seconds after which what comes is a new message."""
        self.horizon = horizon
        self.wall = wall
        self.smscs = smscs
        self.membership: ClusterMember = membership or OnlyOne()
        self._suspects: dict[str, float] = {}  # who may be heard again, until when
        self._swept = 0.0  # when those of whom nothing comes again were last left out
        self._blind_until = 0.0  # after others left: who else may be heard again
        self._known_in = self.membership.view.number
        """The view in which it was last read what others, and earlier runs, have left."""
        self._busy: dict[str, int] = {}  # who sends very much, and after which id to look
        self._last: dict[str, _Last] = {}  # by subscriber, while we are alone
        self._proven: dict[int, int] = {}  # by bind, up to which message its peer has read us
        self._waiting: dict[str, _Waiting] = {}  # by dialogue, the first that waits

    def suspect(self, phones: Iterable[str]) -> None:
        """These may be heard again."""
        now = self.wall()
        if now - self._swept >= SWEEP:
            self._swept = now
            for phone, until in list(self._suspects.items()):
                if until < now:
                    self._suspects.pop(phone, None)
        self._suspects.update(dict.fromkeys(phones, now + self.horizon))

    def of(
        self, phones: set[str], connection: Connection, arrived: Sequence[SmppInput] = ()
    ) -> set[str]:
        """Those of whom the store must be asked, when this has come."""
        view = self.membership.view
        if not view.alone:
            return phones
        if view.number != self._known_in:
            # others were here and have gone, whether or not anything came to us meanwhile
            self._blind_until = self.wall() + LATE_FOR
            self.inherit(connection)
            self._known_in = view.number
        if self.wall() < self._blind_until:
            return phones
        changed = self._by_another_bind(arrived)
        return phones.intersection(self._suspects) | changed if self._suspects else changed

    def _by_another_bind(self, arrived: Sequence[SmppInput]) -> set[str]:
        """Whose last message came by another bind, and may not have been seen answered there: if
        that bind is lost, the peer delivers it again before we hear of it. Or whose last was not
        answered when this came."""
        found: set[str] = set()
        together: dict[str, int] = {}  # of this batch
        for message in arrived:
            last = self._last.get(message.phone)
            if last is not None and last.bind != message.bind and not self._is_proven(last):
                found.add(message.phone)
            if together.setdefault(message.phone, message.bind) != message.bind:
                found.add(message.phone)
            if message.like_is_unanswered:
                found.add(message.phone)
        return found

    def served(self, message: SmppInput) -> None:
        """It is the last of its subscriber."""
        self._last[message.phone] = _Last(message.bind, message.id)
        if len(self._last) > LAST:
            kept = {phone: one for phone, one in self._last.items() if not self._is_proven(one)}
            self._last = kept if len(kept) <= LAST // 2 else {}

    def _is_proven(self, one: _Last) -> bool:
        return one.message <= self._proven.get(one.bind, 0)

    def proven(self, bind: int, upto: int) -> None:
        """The peer of that bind has read our answers so far."""
        self._proven[bind] = upto
        if len(self._proven) > MANY:
            del self._proven[next(iter(self._proven))]

    def apart(self, phones: set[str], after: int) -> dict[int, list[str]]:
        """By the id after which they are asked about: of who sends very much, the newest only."""
        found: dict[int, list[str]] = {}
        for phone in phones:
            found.setdefault(max(after, self._busy.get(phone, 0)), []).append(phone)
        return found

    def note_busy(self, past: Mapping[str, Sequence[Earlier]]) -> None:
        """A machine that sends thousands in an hour must not hold others up."""
        for phone, earlier in past.items():
            if len(earlier) > MANY:
                self._busy[phone] = earlier[-ENOUGH].id
        if len(self._busy) > MANY:
            oldest = floor_at(self.wall() - self.horizon)
            self._busy = {phone: after for phone, after in self._busy.items() if after > oldest}

    def remember(self, connection: Connection) -> None:
        """After a start, when no bind of ours is up: who may be heard again since the last run."""
        now_ms = int(self.wall() * 1000)
        view = self.membership.view
        SqlRedelivery(connection).left_over(view.held, now_ms)
        self.inherit(connection)
        self._known_in = view.number

    def inherit(self, connection: Connection) -> None:
        """After a takeover, which has ended the binds of who died, and none of ours: who may be
        heard again since, and who was before, by another gateway or an earlier run."""
        kept, now = SqlRedelivery(connection), self.wall()
        since = now - self.horizon
        self.suspect(kept.lost(since) | kept.told_to_come_again(since) | kept.lately_late(now))

    # -- those that wait until it is known -------------------------------------------------------

    def behind(self, message: SmppInput) -> Undecided | None:
        """If an earlier message of the dialogue waits, so does this one."""
        if not self._waiting or (first := self._waiting.get(message.dialogue)) is None:
            return None
        now = self.wall()
        if first.message == message.id or first.until < now:
            del self._waiting[message.dialogue]
            return None
        return Undecided(refuse=now - moment_of(message.id) >= DECIDED_WITHIN)

    def waits(self, message: SmppInput) -> None:
        self._waiting[message.dialogue] = _Waiting(message.id, self.wall() + _GONE)


class RepetitionCheck:
    """One transaction's view."""

    def __init__(self, lasting: Redelivery, connection: Connection) -> None:
        self._lasting = lasting
        self._connection = connection
        self._store = SqlRedelivery(connection)
        self._past: dict[str, list[Earlier]] = {}

    def load(
        self,
        phones: set[str],
        account_of: Callable[[str], object],
        arrived: Sequence[SmppInput] = (),
    ) -> None:
        """When the accounts are locked: what another gateway keeps of these has been kept then."""
        asked = self._lasting.of(phones, self._connection, arrived)
        if asked:
            self._store.lock(phone for phone in asked if account_of(phone) is None)
            since = self._lasting.wall() - max(self._lasting.horizon, HOUR)
            for after, some in self._lasting.apart(asked, floor_at(since)).items():
                self._past |= {phone: [] for phone in some} | self._store.past(some, after)
            self._lasting.note_busy(self._past)

    def asked_elsewhere(self, phone: str) -> list[Asked]:
        """Questions of a subscriber that other gateways have answered within the hour, and when.
        What answered a question of ours is none."""
        found: list[Asked] = []
        asked_for = False
        for one in self._past.get(phone, ()):
            matter = None if asked_for or one.same_as else counts_as(one.action)
            asked_for = one.result == "asked"
            on_sms = one.channel == Channel.SMS
            if matter is None or copy_of(one.id) == self._lasting.membership.view.own:
                continue
            if matter is QuotaCategory.QUESTION or (matter is QuotaCategory.UNCLEAR and on_sms):
                found.append((int(moment_of(one.id)), matter))
        return found

    def verdict(self, message: SmppInput) -> Verdict:
        if waits := self._lasting.behind(message):
            return waits
        if not (earlier := self._past.get(message.phone)):
            return None
        smsc = self._lasting.smscs.of(message.link)
        mine = [
            one
            for one in earlier
            if one.channel == message.channel and one.smsc in (smsc, "") and one.id != message.id
        ]
        in_order = partial(self._in_order, smsc, message.link)
        found = verdict(message, Past(mine, in_order, self._lasting.horizon), self._lasting.wall())
        if isinstance(found, Undecided) and not found.refuse:
            self._lasting.waits(message)
        return found

    def _in_order(self, smsc: str, link: str) -> bool:
        return not self._store.overlaps(smsc, link)

    def kept(self, entry: InboxEntry) -> InboxEntry:
        """What is kept of a message: it is known to those behind it, and whether it was late."""
        message = entry.message
        if not isinstance(message, SmppInput) or not message.phone:
            return entry
        self._lasting.served(message)
        now = self._lasting.wall()
        if now - moment_of(message.id) >= LATE:
            entry = entry._replace(late_ms=int(now * 1000))
            self._lasting.suspect([message.phone])
        if (earlier := self._past.get(message.phone)) is not None:
            earlier.append(self._as_earlier(message, entry))
        return entry

    # -- what became of answers ------------------------------------------------------------------

    def late(self, answers: Sequence[LateAnswer]) -> None:
        """What these answered may come again."""
        self._lasting.suspect(self._store.late(answers))

    def proven(self, bind: int, upto: int) -> None:
        self._lasting.proven(bind, upto)

    def ended(self, bind: BindEnded) -> None:
        self._lasting.suspect(self._store.unread(bind.bind, bind.upto, bind.at_ms))

    def refused(self, ids: list[int]) -> None:
        """The peer was told to come again with these; some may have been kept all the same."""
        self._lasting.suspect(self._store.refused(ids))

    def _as_earlier(self, message: SmppInput, entry: InboxEntry) -> Earlier:
        return Earlier(
            message.id,
            message.fingerprint,
            entry.same_as,
            message.channel,
            entry.late_ms,
            bind=message.bind,
            smsc=self._lasting.smscs.of(message.link),
            action=entry.action,
            result=entry.result,
        )
