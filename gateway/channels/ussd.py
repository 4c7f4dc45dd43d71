"""USSD at the door: what a centre's message is in its dialogue, and our screens on the wire."""

from __future__ import annotations

from typing import Final

from gateway.mail import Act, Outgoing, Turn
from gateway.settings import LinkSettings
from gateway.standing import ANY_LINE
from smpp.pdu import DataSm, DeliverSm, SubmitSm
from smpp.ussd import DIALECTS, Carrier, Heard, Say, Way, answer, heard, is_ussd
from smpp.ussd import Turn as Said

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
