"""Calls that we begin ourselves: what Asterisk is told, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from ivr.ami.messages import AmiMessage
from ivr.call.agi_queue import CallAction

MARK: Final = "hallgate-"
"""How the uniqueids of such channels begin."""
ANSWERED, FAILED, TALKS, OVER = "answered", "failed", "talks", "over"


@dataclass(frozen=True, slots=True)
class DialRequest:
    """`channel` is dialled, for so many seconds; who answers goes on in the dialplan."""

    id: str
    channel: str
    context: str
    extension: str
    seconds: int

    def action(self) -> CallAction:
        headers = {
            "Channel": self.channel, "Context": self.context, "Exten": self.extension,
            "Priority": "1", "Timeout": str(self.seconds * 1000), "Async": "true",
            "ChannelId": f"{MARK}{self.id}", "CallerID": self.extension,
        }  # fmt: skip
        return CallAction("Originate", headers, "")


class DialledCall(NamedTuple):
    """Of a call that we began: nobody answered, it was answered, talks to a person, is over."""

    id: str
    what: str
    why: str = ""


_TELLING: Final = frozenset({"OriginateResponse", "AgentConnect", "Hangup"})
_REASONS: Final = {"0": "no such number", "1": "hung up", "3": "no answer", "5": "busy"}


def dialled_call(message: AmiMessage) -> DialledCall | None:
    """What an event says of such a call; None: it is about another."""
    uniqueid = message.get("Uniqueid") if message.event in _TELLING else ""
    if not uniqueid.startswith(MARK):
        return None
    id = uniqueid.removeprefix(MARK)
    match message.event:
        case "OriginateResponse" if message.get("Response") == "Success":
            return DialledCall(id, ANSWERED)
        case "OriginateResponse":
            return DialledCall(id, FAILED, _REASONS.get(message.get("Reason"), "failed"))
        case "AgentConnect":
            return DialledCall(id, TALKS)
        case _:
            return DialledCall(id, OVER)
