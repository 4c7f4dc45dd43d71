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
    Arrival,
    OutgoingMessage,
    OutgoingScreen,
    ReceiptArrived,
    ScreenAct,
    UssdTurn,
)
from gateway.model.session_state import ANY_LINE
from gateway.ops.log import Log, masked
from gateway.serving.desk import Unavailable
from gateway.serving.work import Served, WorkResult
from smpp.pdu import DataSm, DeliverSm, SubmitSm
from smpp.ussd.dialogue_messages import (
    DIALECTS,
    SessionCarrier,
    UssdLinkMode,
    UssdMessage,
    UssdMessageKind,
    UssdReplyKind,
    is_ussd,
    read_ussd_message,
    screen_message,
)

STEP_WITHIN: Final = 7.0  # seconds; networks end a dialogue after ten, and some deliver again
_SORRY: Final = (1 << REPLY_BITS) - 1  # the place of its reply, which no other has
_ACTS: Final = {
    UssdMessageKind.BEGIN: ScreenAct.BEGIN,
    UssdMessageKind.CONTINUE: ScreenAct.ON,
    UssdMessageKind.OVER: ScreenAct.END,
}
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


def heard_by(way: UssdLinkMode | None, pdu: DeliverSm | DataSm) -> UssdMessage | None:
    """What is said in a USSD dialogue; None for a short message."""
    return read_ussd_message(pdu, way) if way is not None and is_ussd(pdu) else None


def turn_of(said: UssdMessage) -> UssdTurn | None:
    """None where there is nothing to serve: a phone confirms that it has shown a notification."""
    act = _ACTS.get(said.turn)
    return UssdTurn(act, said.session or ANY_LINE) if act is not None else None


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
        self, work: Arrival | ReceiptArrived | None, acknowledge: Callable[[], object]
    ) -> UssdStep | None:
        """None for what no screen answers."""
        if not isinstance(work, Arrival) or work.turn is None or not work.phone:
            return None
        return (
            UssdStep(self, work, acknowledge)
            if work.turn.act in (ScreenAct.BEGIN, ScreenAct.ON)
            else None
        )

    def refuse(self, work: Arrival | None, acknowledge: Callable[[], object]) -> bool:
        """The desk has no room: a step is over at once. False for what may come again later."""
        step = self.begin(work, acknowledge)
        return step is not None and step.done(Failure(Unavailable("the desk is full")))

    def seen(self, arrived: Arrival, at_desk: Container[str]) -> Arrival:
        """Marked if it was typed while the screen before it has not left: two inputs at once, or
        one delivered twice. `at_desk`: lanes whose last message is not answered."""
        turn = arrived.turn
        if turn is None or turn.act is not ScreenAct.ON:
            return arrived
        unseen = lane_of(arrived) in at_desk or self.outbox.holds_screen(arrived.source)
        return arrived._replace(turn=turn._replace(unseen=unseen)) if unseen else arrived


class UssdStep:
    """One step: it is served in time, or its dialogue ends."""

    def __init__(
        self, steps: UssdSteps, arrived: Arrival, acknowledge: Callable[[], object]
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

    def _give_up(self) -> None:
        self._over = True
        one, turn = self._arrived, self._arrived.turn
        assert turn is not None
        self._acknowledge()
        self._steps.log.event("busy", id=one.id, phone=masked(one.phone), link=one.link)
        until_ms = int((self._steps.outbox.wall() + STEP_WITHIN) * 1000)
        sorry = OutgoingMessage(
            reply_id(one.id, _SORRY), one.link, one.port, one.source, self._steps.sorry(),
            screen=OutgoingScreen(ScreenAct.END, turn.session, until_ms),
        )  # fmt: skip
        self._steps.outbox.add([sorry])


def _too_late(screen_message: OutgoingMessage) -> OutgoingMessage:
    """A screen of a dialogue that is over: what it tells is told by SMS."""
    return (
        screen_message._replace(screen=screen_message.screen._replace(until_ms=0))
        if screen_message.screen
        else screen_message
    )


def lane_of(arrived: Arrival) -> str:
    """Whose messages keep their order: a phone's dialogue and its short messages each do."""
    return arrived.phone if arrived.turn is None else f"{arrived.channel.value}:{arrived.phone}"


def screen_of(message: OutgoingMessage, way: UssdLinkMode) -> SubmitSm:
    """A screen as one submit_sm."""
    screen = message.screen
    assert screen is not None
    session = "" if screen.session == ANY_LINE else screen.session
    say, text = _SAYS[screen.act], message.text
    return screen_message(
        text, say, session, way, _address(message.source), _address(message.destination)
    )


def _address(written: str) -> tuple[int, int, str]:
    ton, npi, digits = written.split(".", 2)
    return int(ton), int(npi), digits
