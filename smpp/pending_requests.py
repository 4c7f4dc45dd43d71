"""Our requests on their way: messages, enquiries, our bind or unbind; and what an answer proves.

The peer reads our bytes in order. So whatever request of ours it answers, it has read each of our
own answers that was written before that request.
"""

from __future__ import annotations

from collections.abc import Iterator

from smpp.keepalive import Keepalive
from smpp.send_window import SendWindow, SentRequest
from smpp.session_limits import SmppLimits
from smpp.unseen_answers import UnseenAnswers

_LAST_SEQUENCE = 0x7FFF_FFFF  # SMPP 3.4 §5.1.4


class PendingRequests:
    """Numbers our requests, and settles each once."""

    def __init__(self, limits: SmppLimits, first_sequence: int) -> None:
        self._sequence = first_sequence - 1
        self._own = 0  # the number of our bind or unbind
        self._before_own = 0  # answers of ours that were written before it
        self._window = SendWindow(limits.window, limits.response_timeout)
        self._pulse = Keepalive(
            limits.enquire_interval,
            limits.enquire_timeout,
            # who answers our messages late answers this late as well, and is alive
            max(limits.response_timeout, 3 * limits.enquire_timeout),
            limits.beat,
        )
        self._probe_delay = limits.probe_delay
        self._unseen = UnseenAnswers()
        self._seen = 0  # of our answers, as far as this turn has shown

    def next_sequence(self) -> int:
        self._sequence = self._sequence % _LAST_SEQUENCE + 1
        return self._sequence

    # ---- our bind and unbind ----

    def next_own(self) -> int:
        """The number of a bind or an unbind; there is one of them at a time."""
        self._own, self._before_own = self.next_sequence(), self._unseen.written
        return self._own

    def own_answered(self) -> None:
        """Our bind or unbind was."""
        self._seen = max(self._seen, self._before_own)

    def is_own(self, sequence: int) -> bool:
        return sequence == self._own

    # ---- our messages ----

    @property
    def free(self) -> int:
        """Places in the window."""
        return self._window.free

    def message_sent(self, sequence: int, key: object, now: float) -> None:
        self._window.add(sequence, key, self._unseen.written, now)
        self._pulse.no_probe()  # its answer will tell as much

    def settle_message(self, sequence: int) -> SentRequest | None:
        """The message with this number, answered now, if it is there."""
        return self._proves(self._window.settle(sequence))

    def settle_late(self, sequence: int) -> SentRequest | None:
        """The message with this number, answered after it had been given back, if it is known."""
        return self._proves(self._window.settle_late(sequence))

    def _proves(self, sent: SentRequest | None) -> SentRequest | None:
        if sent:
            self._seen = max(self._seen, sent.answers)
        return sent

    def expire(self, now: float) -> Iterator[SentRequest]:
        """Takes out the messages that waited too long."""
        return self._window.expire(now)

    # ---- our enquiries ----

    def hear(self, now: float) -> float:
        """The peer has said something; for how many seconds the connection stood still before."""
        return self._pulse.hear(now)

    def may_be_old(self, now: float) -> bool:
        """Whether what is heard may have waited on a connection that stood still."""
        return self._pulse.may_be_old(now)

    @property
    def asking(self) -> bool:
        """Whether an enquiry is on its way."""
        return self._pulse.enquiry is not None

    def enquiry_sent(self, sequence: int, now: float) -> None:
        self._pulse.ask(sequence, self._unseen.written, now)

    def settle_enquiry(self, sequence: int) -> bool:
        """Whether the enquiry with this number was there, and is answered now."""
        enquiry = self._pulse.settle(sequence)
        if enquiry:
            self._seen = max(self._seen, enquiry.answers)
        return enquiry is not None

    def enquiry_due(self) -> float:
        """When to ask, or to give up waiting for the answer."""
        return self._pulse.due()

    def message_due(self) -> float | None:
        """When the oldest message has waited too long."""
        return self._window.deadline

    # ---- our answers ----

    def answered(self, token: object, now: float) -> None:
        """We have written an answer; its token comes back from `take_seen`, or from `rest`."""
        self._unseen.add(token)
        self.arrange_probe(now)

    def take_seen(self) -> tuple[object, ...]:
        """The tokens that were proven read and not told yet, oldest first."""
        return self._unseen.seen(self._seen)

    def arrange_probe(self, now: float) -> None:
        """When nothing of ours is on the way, nothing would tell us that answers were read."""
        if self._unseen and not (self._window or self.asking):
            self._pulse.probe(now + self._probe_delay)
        else:
            self._pulse.no_probe()

    def rest(self) -> tuple[tuple[object, ...], tuple[object, ...]]:
        """Takes out all: the keys of our messages, and the tokens that were not seen."""
        return self._window.rest(), self._unseen.rest()
