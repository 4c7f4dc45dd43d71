"""What a gateway does while it shares the store with others: it reads what they have written for
it, and hands over what it cannot send."""

from __future__ import annotations

from collections.abc import Sized
from typing import Final, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall

from gateway.delivery.outbox import Outbox
from gateway.model.cluster_view import ClusterView
from gateway.model.hall_reactor import IHallReactor, in_thread, repeat
from gateway.model.message_id import MessageIds
from gateway.model.messages import LoadHanded, LookForHanded
from gateway.ops.log import Log
from gateway.serving.work import HallCoalescer, HallDesk, HallJob

POLL_EVERY: Final = 0.1  # seconds between looks for what other gateways have written for us
LOOK_EVERY: Final = 0.5
"""Where none of them has a reason to: verbs, the API, the console write for us as well."""
AT_ONCE: Final = 500  # messages read in one transaction


class SharesSlots(Protocol):
    """gateway.cluster.membership.Membership. The last three are called in a thread."""

    @property
    def alone(self) -> bool: ...
    @property
    def view(self) -> ClusterView: ...
    @property
    def others(self) -> Sized: ...
    def ours(self) -> bool: ...
    def renew(self) -> int: ...
    def hand_over(self) -> bool: ...
    def keep(self) -> None: ...


class Sharing:
    def __init__(
        self,
        reactor: IHallReactor,
        member: SharesSlots,
        desk: HallDesk,
        coalescer: HallCoalescer,
        outbox: Outbox,
        ids: MessageIds,
        log: Log,
    ) -> None:
        self._reactor = reactor
        self._member = member
        self._desk = desk
        self._coalescer = coalescer
        self._outbox = outbox
        self._ids = ids
        self._log = log
        self._polling = False
        self._looked_at = self._had_at = reactor.seconds()
        """When it was last looked, and when we last had something in hand."""
        self._held_back = False  # nothing leaves for now
        outbox.may_send = lambda: not self._held_back and member.ours()
        self._handing: Deferred[None] | None = None
        self._polls: LoopingCall | None = None

    def start(self) -> None:
        self._polls = repeat(self._reactor, POLL_EVERY, self._poll)

    async def stop(self) -> None:
        if self._polls is not None:
            self._polls.stop()
        if self._handing is not None:
            await self._handing

    # -- what others have written for us ---------------------------------------------------------

    def _poll(self) -> None:
        now = self._reactor.seconds()
        if self._outbox.waiting:
            self._had_at = now
        if self._polling or (now - self._looked_at < LOOK_EVERY and not self._may_be_given(now)):
            return
        self._polling, self._looked_at = True, now
        self._desk.put([HallJob(LookForHanded(), "", self._looked)])

    def _may_be_given(self, now: float) -> bool:
        """Whether others may write for us: what we have in hand for a subscriber goes before what
        they write for him, and who cannot send gives us all."""
        member, lately = self._member, now - self._had_at < LOOK_EVERY
        return not member.alone and (lately or len(member.view.senders) < len(member.others))

    def _looked(self, found: object) -> None:
        """Read apart from all other work: what is written from now on comes behind it."""
        if found == 1:
            self._desk.put([HallJob(LoadHanded(AT_ONCE), "", self._read, alone=True)])
        else:
            self._polling = False

    def _read(self, found: object) -> None:
        self._polling = False
        if isinstance(found, list):
            self._outbox.add(found)
        else:  # if it was kept all the same, they wait in the store
            self._outbox.look()

    # -- no bind of ours can send ----------------------------------------------------------------

    def hand_over(self) -> None:
        """Begin, if that is not under way."""
        if self._handing is None:
            handing = Deferred.fromCoroutine(self._hand_over())
            self._handing = handing
            handing.addErrback(lambda failed: self._log.event("slots kept", error=failed.value))
            handing.addBoth(self._over)

    def _over(self, _: object) -> None:
        self._handing = None

    async def _hand_over(self) -> None:
        """Nothing leaves meanwhile. What has left is kept first; then the others have the rest."""
        self._held_back = True
        try:
            self._ids.move(await in_thread(self._reactor, self._member.renew))
            await self._all_kept()
            line = self._outbox.in_line
            settled = len(line) == self._outbox.waiting
            on_their_way = any(each.unanswered for each in line)
            if (
                settled
                and not on_their_way
                and await in_thread(self._reactor, self._member.hand_over)
            ):
                self._outbox.forget()
        finally:
            await in_thread(self._reactor, self._member.keep)
            self._held_back = False
            self._outbox.look()

    def _all_kept(self) -> Deferred[None]:
        """Fires behind all that the desk has been given."""
        kept: Deferred[None] = Deferred()
        self._outbox.leaving.release()
        self._coalescer.flush()
        last: HallJob = HallJob(LookForHanded(), "", lambda _: kept.callback(None), alone=True)
        self._desk.put([last])
        return kept
