"""Hostile bytes against the AMI reader, the session and the calls, guided by coverage.

    python tests/fuzz/fuzz_ami.py -max_total_time=600

No exception may leave them, nothing may grow past its bound, and nobody may wait when the
connection is gone. An input is a stream after the login: lines as they are, or events that name a
call and a command of ours, so that the fuzzer gets at the calls.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["ivr"]):
    from ivr.ami.account import AmiAccount, AmiLimits
    from ivr.ami.session import AmiSession, NotLoggedIn
    from ivr.ami.session_events import AmiSessionEnded, AmiSessionEvent, LoggedIn
    from ivr.call.call import Call
    from ivr.call.questions import Question
    from ivr.call.timeouts import CallTimeouts
    from ivr.switchboard import Switchboard

LIMITS = AmiLimits(most_message=4096, most_items=8)
LOGIN = (
    b"Asterisk Call Manager/11\r\n",
    b"Response: Success\r\nActionID: 1\r\nChallenge: 1\r\n\r\n",
    b"Response: Success\r\nActionID: 2\r\n\r\n",
)
KINDS = ["AsyncAGIStart", "AsyncAGIExec", "AsyncAGIEnd", "Hangup", "CoreShowChannel"]


class Gateway:
    """A session with its calls, and the books that must balance at its end."""

    def __init__(self) -> None:
        self.now = 0.0
        self.session = AmiSession(AmiAccount("hallgate", "secret"), LIMITS)
        self.switchboard = Switchboard("f", CallTimeouts())
        self.keys: list[object] = []
        self.calls: list[Call] = []
        self.session.connected(self.now)
        for segment in LOGIN:
            self.hear(segment)

    def hear(self, segment: bytes) -> None:
        self.now += 0.25
        self._happened(self.session.receive(segment, self.now))
        self._happened(self.session.tick(self.now))
        self.switchboard.tick(self.now)
        self._go_on()
        assert self.session.held <= LIMITS.most_message
        self.session.output()

    def end(self) -> None:
        self._happened(self.session.lost("over", self.now))
        self.switchboard.tick(self.now + 1e6)
        self._go_on()
        assert self.switchboard.calls == 0
        assert all(call.ended and not call.pending for call in self.calls)

    def _happened(self, events: list[AmiSessionEvent]) -> None:
        for event in events:
            if isinstance(event, LoggedIn):
                assert self.session.unsent == 0
            if isinstance(event, AmiSessionEnded):
                self.keys.clear()
            self.switchboard.happened(event, self.now)

    def _go_on(self) -> None:
        while self.switchboard.restless:
            told, orders = self.switchboard.take()
            for order, key in orders:
                try:
                    self.session.act(order.action, order.headers, key, self.now)
                except (NotLoggedIn, ValueError):
                    break  # what Asterisk named so, it cannot be told again
            for call, _ in told:
                if call not in self.calls:
                    self.calls.append(call)
                if call.free:
                    call.ask(Question(("menu",), most=4, enders="#"), self.now)


def one_input(octets: bytes) -> None:
    provider = atheris.FuzzedDataProvider(octets)
    gateway = Gateway()
    while provider.remaining_bytes() and not gateway.session.over():
        if provider.ConsumeBool():
            gateway.hear(provider.ConsumeBytes(provider.ConsumeIntInRange(0, 300)))
        else:
            gateway.hear(_event(provider))
    gateway.end()


def _event(provider: atheris.FuzzedDataProvider) -> bytes:
    kind = provider.PickValueInList(KINDS)
    call, command = provider.ConsumeIntInRange(1, 3), provider.ConsumeIntInRange(1, 12)
    result = provider.ConsumeUnicodeNoSurrogates(20)
    lines = [
        f"Event: {kind}", f"Uniqueid: {provider.ConsumeIntInRange(1, 3)}", "Channel: Local/1;2",
        f"CommandID: hall-f-{call}-{command}", f"Result: 200%20result%3D1%20({result})",
        "Application: AGI", "ApplicationData: agi:async",
        f"ActionID: {provider.ConsumeIntInRange(1, 9)}",
    ]  # fmt: skip
    return "\r\n".join([*lines, "", ""]).encode()


def main() -> None:
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
