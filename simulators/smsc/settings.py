"""What an SMSC grants its ESMEs and how it behaves when nothing is wrong. Times are seconds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from smpplib import consts

FLOOD = math.inf

TEMPORARY = frozenset(
    {
        consts.SMPP_ESME_RMSGQFUL,
        consts.SMPP_ESME_RTHROTTLED,
        consts.SMPP_ESME_RX_T_APPN,
        consts.SMPP_ESME_RSYSERR,
    }
)


def doubled_delay(attempt: int) -> float:
    """Seconds before the next attempt: a quarter, doubled each time, half a minute at most."""
    return min(0.25 * 2.0 ** (attempt - 1), 30.0)


@dataclass(frozen=True, slots=True)
class SmscSettings:
    window: float = 10  # unanswered deliver_sm on a link; FLOOD for as many as the socket takes
    response_timeout: float = 10.0  # then a deliver_sm is sent again
    redelivery: Callable[[int], float] = doubled_delay  # wait after a temporary refusal, by attempt
    temporary: frozenset[int] = TEMPORARY  # statuses after which an MO is sent again
    pipelined: bool = False  # a subscriber's next MO may leave before the former is answered
    rank: Callable[[float], float] = float
    """Of a link, by its room: the highest gets the next message."""
    enquire_every: float | None = None
    bind_within: float = 30.0
    hang_up_refused: bool = False  # close the connection on which a bind was refused
    ids: str = "hex"  # of messages, in responses: hex or decimal
    receipt_ids: str = ""  # the same in receipts, when it differs
    receipt_forms: frozenset[str] = frozenset({"tlv", "text"})
