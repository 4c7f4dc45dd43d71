"""USSD at the door: what a centre's message is in its dialogue, our screens on the wire, and that
each step of a dialogue has its screen in time."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Final

from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

from gateway.batch import Served
from gateway.desk import Unavailable
from gateway.ids import REPLY_BITS, reply_id
from gateway.log import Log, masked
from gateway.mail import Act, Arrived, Outgoing, Screen, Turn
from gateway.outbox import Outbox
from gateway.settings import LinkSettings
from gateway.standing import ANY_LINE
from smpp.pdu import DataSm, DeliverSm, SubmitSm
from smpp.ussd import DIALECTS, Carrier, Heard, Say, Way, answer, heard, is_ussd
from smpp.ussd import Turn as Said

STEP_WITHIN: Final = 7.0  # seconds; networks end a dialogue after ten, and some deliver again
_SORRY: Final = (1 << REPLY_BITS) - 1  # the place of its reply, which no other has
_ACTS: Final = {Said.BEGIN: Act.BEGIN, Said.CONTINUE: Act.ON, Said.OVER: Act.END}
_SAYS: Final = {Act.BEGIN: Say.ASK, Act.ON: Say.ASK, Act.END: Say.LAST, Act.NOTE: Say.NOTIFY}


def way_of(settings: LinkSettings, code: str) -> Way | None:
    """How a link carries USSD; None if it does not."""
    if settings.ussd == "off":
        return None
    carrier, dialect = Carrier(settings.ussd), DIALECTS[settings.ussd_dialect]
    return Way(code, carrier, dialect, settings.alphabet)


def heard_by(way: Way | None, pdu: DeliverSm | DataSm) -> Heard | None:
    """What is said in a USSD dialogue; None for a short message."""
    return heard(pdu, way) if way is not None and is_ussd(pdu) else None


def turn_of(said: Heard) -> Turn | None:
    """None where there is nothing to serve: a phone confirms that it has shown a notification."""
    act = _ACTS.get(said.turn)
    return Turn(act, said.session or ANY_LINE) if act is not None else None


class Steps:
    """The steps of dialogues that are at the desk. `sorry` are the last words to who waits too
    long; the desk's own answer, when it comes, leaves as a short message, if it tells anything."""

    def __init__(
        self, clock: IReactorTime, outbox: Outbox, sorry: Callable[[], str], log: Log
    ) -> None:
        self.clock = clock
        self.outbox = outbox
        self.sorry = sorry
        self.log = log

    def begin(self, work: object, acknowledge: Callable[[], object]) -> Step | None:
        """None for what no screen answers."""
        if not isinstance(work, Arrived) or work.turn is None or not work.phone:
            return None
        return Step(self, work, acknowledge) if work.turn.act in (Act.BEGIN, Act.ON) else None

    def refuse(self, work: object, acknowledge: Callable[[], object]) -> bool:
        """The desk has no room: a step is over at once. False for what may come again later."""
        step = self.begin(work, acknowledge)
        return step is not None and step.done(Failure(Unavailable("the desk is full")))

    def seen(self, arrived: Arrived, at_desk: Container[str]) -> Arrived:
        """Marked if it was typed while the screen before it has not left: two inputs at once, or
        one delivered twice. `at_desk`: lanes whose last message is not answered."""
        turn = arrived.turn
        if turn is None or turn.act is not Act.ON:
            return arrived
        unseen = lane_of(arrived) in at_desk or self.outbox.holds_screen(arrived.source)
        return arrived._replace(turn=turn._replace(unseen=unseen)) if unseen else arrived


class Step:
    """One step: it is served in time, or its dialogue ends."""

    def __init__(self, steps: Steps, arrived: Arrived, acknowledge: Callable[[], object]) -> None:
        self._steps = steps
        self._arrived = arrived
        self._acknowledge = acknowledge
        self._over = False
        self._deadline = steps.clock.callLater(STEP_WITHIN, self._give_up)

    def done(self, result: object) -> bool:
        """The desk is done with it. False if it is for the door to answer as usual."""
        if not self._over:
            self._deadline.cancel()
            if not isinstance(result, Failure):
                return False
            self._give_up()  # a step that comes again would come to a dialogue that is over
        if isinstance(result, Failure):
            self._steps.outbox.look()  # if it was kept, its answer waits in the store
        elif isinstance(result, Served):
            self._steps.outbox.take(_too_late(answer) for answer in result.answers)
        return True

    def _give_up(self) -> None:
        self._over = True
        one, turn = self._arrived, self._arrived.turn
        assert turn is not None
        self._acknowledge()
        self._steps.log.event("busy", id=one.id, phone=masked(one.phone), link=one.link)
        until_ms = int((self._steps.outbox.wall() + STEP_WITHIN) * 1000)
        sorry = Outgoing(
            reply_id(one.id, _SORRY), one.link, one.port, one.source, self._steps.sorry(),
            screen=Screen(Act.END, turn.session, until_ms),
        )  # fmt: skip
        self._steps.outbox.add([sorry])


def _too_late(answer: Outgoing) -> Outgoing:
    """A screen of a dialogue that is over: what it tells is told by SMS."""
    return answer._replace(screen=answer.screen._replace(until_ms=0)) if answer.screen else answer


def lane_of(arrived: Arrived) -> str:
    """Whose messages keep their order: a phone's dialogue and its short messages each do."""
    return arrived.phone if arrived.turn is None else f"{arrived.channel.value}:{arrived.phone}"


def screen_of(message: Outgoing, way: Way) -> SubmitSm:
    """A screen as one submit_sm."""
    screen = message.screen
    assert screen is not None
    session = "" if screen.session == ANY_LINE else screen.session
    say, text = _SAYS[screen.act], message.text
    return answer(text, say, session, way, _address(message.source), _address(message.destination))


def _address(written: str) -> tuple[int, int, str]:
    ton, npi, digits = written.split(".", 2)
    return int(ton), int(npi), digits
