"""USSD on a link: what a centre's message is in its dialogue, our screens on the wire, and that
each step of a dialogue has its screen in time."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Final

from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

from gateway.config.settings import LinkSettings
from gateway.delivery.outbox import Outbox
from gateway.model.message_id import REPLY_BITS, reply_id
from gateway.model.messages import (
    OutgoingMessage,
    OutgoingScreen,
    ReceiptArrived,
    ScreenAct,
    SmppInput,
    UssdInput,
)
from gateway.model.session_state import ANY_LINE
from gateway.ops.log import Log, masked
from gateway.serving.desk import Unavailable
from gateway.serving.work import Served, WorkResult
from smpp.pdu import SubmitSm
from smpp.ussd.dialogue_messages import (
    DIALECTS,
    SessionCarrier,
    UssdLinkMode,
    UssdReplyKind,
    screen_message,
)

STEP_WITHIN: Final = 7.0  # seconds; networks end a dialogue after ten, and some deliver again
_SORRY: Final = (1 << REPLY_BITS) - 1  # the place of its reply, which no other has
_SAYS: Final = {
    ScreenAct.BEGIN: UssdReplyKind.ASK,
    ScreenAct.ON: UssdReplyKind.ASK,
    ScreenAct.END: UssdReplyKind.LAST,
    ScreenAct.NOTE: UssdReplyKind.NOTIFY,
}


def way_of(settings: LinkSettings, code: str) -> UssdLinkMode | None:
    """How a link carries USSD; None if it does not."""
    if settings.ussd == "off":
        return None
    carrier, dialect = SessionCarrier(settings.ussd), DIALECTS[settings.ussd_dialect]
    return UssdLinkMode(code, carrier, dialect, settings.alphabet)


class UssdSteps:
    """The steps of dialogues that are at the desk. `sorry` are the last words to who waits too
    long; the desk's own answer, when it comes, leaves as a short message, if it tells anything."""

    def __init__(
        self, clock: IReactorTime, outbox: Outbox, sorry: Callable[[], str], log: Log
    ) -> None:
        self.clock = clock
        self.outbox = outbox
        self.sorry = sorry
        self.log = log

    def begin(
        self, work: SmppInput | ReceiptArrived | None, acknowledge: Callable[[], object]
    ) -> UssdStep | None:
        """None for what no screen answers."""
        if not isinstance(work, UssdInput) or not work.phone:
            return None
        waits = work.act in (ScreenAct.BEGIN, ScreenAct.ON)
        return UssdStep(self, work, acknowledge) if waits else None

    def refuse(self, work: SmppInput | None, acknowledge: Callable[[], object]) -> bool:
        """The desk has no room: a step is over at once. False for what may come again later."""
        step = self.begin(work, acknowledge)
        return step is not None and step.done(Failure(Unavailable("the desk is full")))

    def seen(self, arrived: UssdInput, at_desk: Container[str]) -> UssdInput:
        """Marked if it was typed while the screen before it has not left: two inputs at once, or
        one delivered twice. `at_desk`: dialogues whose last message is not answered."""
        if arrived.act is not ScreenAct.ON:
            return arrived
        unseen = arrived.dialogue in at_desk or self.outbox.lines.unsent_screen(arrived.source)
        return arrived._replace(unseen=True) if unseen else arrived


class UssdStep:
    """One step: it is served in time, or its dialogue ends."""

    def __init__(
        self, steps: UssdSteps, arrived: UssdInput, acknowledge: Callable[[], object]
    ) -> None:
        self._steps = steps
        self._arrived = arrived
        self._acknowledge = acknowledge
        self._over = False
        self._deadline = steps.clock.callLater(STEP_WITHIN, self._give_up)

    def done(self, result: WorkResult | Failure) -> bool:
        """The desk is done with it. False if it is for the SMS channel to answer as usual."""
        if not self._over:
            self._deadline.cancel()
            if not isinstance(result, Failure):
                return False
            self._give_up()  # a step that comes again would come to a dialogue that is over
        if isinstance(result, Failure):
            self._steps.outbox.look()  # if it was kept, its answer waits in the store
        elif isinstance(result, Served):
            self._steps.outbox.take(_too_late(screen_message) for screen_message in result.answers)
        return True

    def withdrawn(self) -> bool:
        """It is to come again. False if its dialogue is over already."""
        if not self._over:
            self._deadline.cancel()
        return not self._over

    def _give_up(self) -> None:
        self._over = True
        one = self._arrived
        self._acknowledge()
        self._steps.log.event("busy", id=one.id, phone=masked(one.phone), link=one.link)
        until_ms = int((self._steps.outbox.wall() + STEP_WITHIN) * 1000)
        sorry = OutgoingMessage(
            reply_id(one.id, _SORRY), one.link, one.port, one.source, self._steps.sorry(),
            screen=OutgoingScreen(ScreenAct.END, one.session, until_ms),
        )  # fmt: skip
        self._steps.outbox.add([sorry])


def _too_late(screen_message: OutgoingMessage) -> OutgoingMessage:
    """A screen of a dialogue that is over: what it tells is told by SMS."""
    return (
        screen_message._replace(screen=screen_message.screen._replace(until_ms=0))
        if screen_message.screen
        else screen_message
    )


def screen_of(message: OutgoingMessage, way: UssdLinkMode) -> SubmitSm:
    """A screen as one submit_sm."""
    screen = message.screen
    assert screen is not None
    session = "" if screen.session == ANY_LINE else screen.session
    say, text = _SAYS[screen.act], message.text
    return screen_message(text, say, session, way, message.source, message.destination)
