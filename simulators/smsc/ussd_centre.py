"""The USSD side of the simulated centre: subscribers dial, read screens, answer and leave.

call = smsc.ussd.dial("13800138001")            # *139#
screen = await call.next()
call.answers("1")

The centre behaves as its fields say, which may be changed while it runs. It speaks SMPP 3.4
§5.3.2.44; what names a dialogue is one of three carriers, or nothing but the phone's number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from smpplib import consts
from twisted.internet.defer import Deferred, TimeoutError, succeed
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from simulators.smsc import sms_encoding
from simulators.smsc.audit import WrittenText, national_number
from simulators.smsc.pdus import TAGS, SmscMessage

DIALLED, ASKED, NOTIFIED, LAST = 1, 2, 3, 17
ANSWERED, NOTED, LEFT = 18, 19, 129
_OP = TAGS["ussd_service_op"]
_GSM7_DCS, _UCS2_DCS = 0x0F, 0x48
_GSM7 = sms_encoding.GSM7_CODINGS | {_GSM7_DCS}
_CARRIERS = {name: TAGS[name] for name in ("its_session_info", "user_message_reference")}


class DeliverToEsme(Protocol):
    """How a message leaves for the ESME that serves a number."""

    def __call__(
        self, number: str, part: sms_encoding.SmsPart, to: str, lane: str
    ) -> WrittenText: ...


@dataclass(frozen=True, slots=True)
class PhoneScreen:
    """What a phone shows. `waits`: it can be answered."""

    text: str
    waits: bool
    message: SmscMessage


@dataclass(slots=True, eq=False)
class PhoneDialogue:
    """One dialogue of one phone, whoever began it; over when the last screen was shown."""

    centre: UssdCentre
    number: str
    carried: dict[int, bytes]  # the TLV that names it
    screens: list[PhoneScreen] = field(default_factory=list)
    said: list[WrittenText] = field(default_factory=list)
    open: bool = True
    _unread: deque[PhoneScreen] = field(default_factory=deque)
    _waiting: list[Deferred[PhoneScreen]] = field(default_factory=list)
    _timer: IDelayedCall | None = None

    def answers(self, text: str, op: int | None = ANSWERED) -> WrittenText:
        """Type something into the screen."""
        return self.says(text, op)

    def leaves(self, op: int = LEFT) -> WrittenText:
        """Hang up: the phone's own end, or the network's, as the maker numbers it."""
        self.over()
        return self.says("", op)

    def fades(self) -> None:
        """Lose the radio: the centre forgets the dialogue, and tells nobody."""
        self.over()

    def says(self, text: str, op: int | None, **more: bytes) -> WrittenText:
        """Anything at all, under this dialogue's name; `more` are TLVs by smpplib's names."""
        tlvs = {} if op is None else {_OP: bytes([op])}
        tlvs |= self.carried | {TAGS[name]: value for name, value in more.items()}
        sent = self.centre.send(self.number, text, tlvs)
        self.said.append(sent)
        if self.open:
            self._wait()
        return sent

    def next(self, timeout: float = 10.0) -> Deferred[PhoneScreen]:
        """The next screen not yet read; fails when `timeout` seconds pass."""
        if self._unread:
            return succeed(self._unread.popleft())
        waiting: Deferred[PhoneScreen] = Deferred(self._waiting.remove)

        def too_late(_cancelled: object, seconds: float) -> PhoneScreen:
            raise TimeoutError(f"{self.number} saw no screen within {seconds} s")

        waiting.addTimeout(timeout, self.centre.clock, too_late)
        self._waiting.append(waiting)
        return waiting

    def show(self, screen: PhoneScreen) -> None:
        """From the ESME."""
        self.screens.append(screen)
        self._cancel()
        if not screen.waits:
            self.over()
        if self._waiting:
            self._waiting.pop(0).callback(screen)
        else:
            self._unread.append(screen)

    def over(self) -> None:
        """The phone shows nothing more of it."""
        self.open = False
        self._cancel()
        self.centre.forget(self)

    def _wait(self) -> None:
        self._cancel()
        if self.centre.patience:
            self._timer = self.centre.clock.callLater(self.centre.patience, self._given_up)

    def _given_up(self) -> None:
        """The ESME took too long: the network releases the dialogue, and says so."""
        self._timer = None
        self.leaves(self.centre.released)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class UssdCentre:
    """All dialogues of a centre. `post` sends a deliver_sm."""

    def __init__(self, post: DeliverToEsme, clock: IReactorTime) -> None:
        self.clock = clock
        self.carrier = "its_session_info"  # or user_message_reference, or msisdn
        self.code = "139"
        self.data_coding: int | None = None  # of what is typed; None: 15, or 8 for what needs it
        self.patience = 0.0  # seconds for the ESME's answer; 0: without end
        self.confirms = True  # phones confirm what they are notified of
        self.released = LEFT  # the operation that says that time was up
        self.late = int(consts.SMPP_ESME_RX_P_APPN)  # the answer to a screen that nobody reads
        self.begun: list[PhoneDialogue] = []  # by the ESME, which asks or notifies
        self._post = post
        self._open: dict[str, PhoneDialogue] = {}
        self._watchers: list[Callable[[str, PhoneScreen], None]] = []
        self._last = 0

    def dial(self, msisdn: str, code: str = "*139#", op: int | None = DIALLED) -> PhoneDialogue:
        """A subscriber dials; a dialogue that was open on the phone is gone without a word."""
        call = self._begin(national_number(msisdn))
        call.says(code, op)
        return call

    def current(self, msisdn: str) -> PhoneDialogue | None:
        """The dialogue on a phone's screen."""
        return self._open.get(national_number(msisdn))

    def watch(self, fn: Callable[[str, PhoneScreen], None]) -> Callable[[], None]:
        """Call `fn(number, screen)` for every screen shown; returns how to stop that."""
        self._watchers.append(fn)
        return lambda: self._watchers.remove(fn)

    def _begin(self, number: str) -> PhoneDialogue:
        if (before := self._open.get(number)) is not None:
            before.fades()
        self._last += 1
        call = self._open[number] = PhoneDialogue(self, number, self._name(self._last))
        return call

    def _name(self, count: int) -> dict[int, bytes]:
        """The lowest bit of its_session_info says that a dialogue is over."""
        tag = _CARRIERS.get(self.carrier)
        if tag is None:
            return {}
        value = count * 2 if tag == TAGS["its_session_info"] else count
        return {tag: (value & 0xFFFF).to_bytes(2, "big")}

    def send(self, number: str, text: str, tlvs: dict[int, bytes]) -> WrittenText:
        """A deliver_sm; a phone's dialogue keeps its order, its short messages theirs."""
        data_coding, letters = sms_encoding.encode_sms(text)
        if self.data_coding is not None:
            data_coding = self.data_coding
        elif data_coding == sms_encoding.GSM7:
            data_coding = _GSM7_DCS
        part = sms_encoding.SmsPart(b"".join(letters), data_coding, tlvs=tlvs)
        return self._post(number, part, self.code, f"ussd {number}")

    def forget(self, call: PhoneDialogue) -> None:
        if self._open.get(call.number) is call:
            del self._open[call.number]

    def stop(self) -> None:
        """No timer is left."""
        for call in list(self._open.values()):
            call.fades()

    # -- from the ESME ---------------------------------------------------------------------------

    @staticmethod
    def is_ussd(message: SmscMessage) -> bool:
        return message.service_type == "USSD" or _OP in message.tlvs

    def verdict(self, message: SmscMessage) -> int:
        """The status of a submit_sm that carries a screen."""
        op, number = message.tlv_int("ussd_service_op"), national_number(message.destination)
        if op not in (ASKED, NOTIFIED, LAST):
            return int(consts.SMPP_ESME_RINVOPTPARAMVAL)
        if _octets(message) > 160:
            return int(consts.SMPP_ESME_RINVMSGLEN)
        call = self._open.get(number)
        if call is None:
            begins = op != LAST and not self._named(message)
            return int(consts.SMPP_ESME_ROK) if begins else self.late
        return int(consts.SMPP_ESME_ROK) if self._is_of(message, call) else self.late

    def show(self, message: SmscMessage) -> None:
        """A screen that was taken appears, unless the subscriber has left meanwhile."""
        op, number = message.tlv_int("ussd_service_op"), national_number(message.destination)
        call = self._open.get(number)
        if call is None and op != LAST and not self._named(message):
            call = self._begin(number)
            self.begun.append(call)
        if call is None or not self._is_of(message, call):
            return
        screen = PhoneScreen(_text(message), op == ASKED, message)
        call.show(screen)
        if op == NOTIFIED and self.confirms:
            call.says("", NOTED)
        for watcher in list(self._watchers):
            watcher(number, screen)

    def _named(self, message: SmscMessage) -> dict[int, bytes]:
        return {tag: message.tlvs[tag] for tag in _CARRIERS.values() if tag in message.tlvs}

    def _is_of(self, message: SmscMessage, call: PhoneDialogue) -> bool:
        """Named as it began, but for the bit that ends it."""
        named = {tag: _without_end(tag, value) for tag, value in self._named(message).items()}
        if not named and call in self.begun:  # the ESME need not know the name yet
            return True
        return not call.carried or named == call.carried


def _without_end(tag: int, value: bytes) -> bytes:
    if tag != TAGS["its_session_info"] or not value:
        return value
    return value[:-1] + bytes([value[-1] & 0xFE])


def _octets(message: SmscMessage) -> int:
    """Of the string on the air, where seven octets hold eight septets."""
    if message.data_coding in _GSM7:
        return (len(message.content) * 7 + 7) // 8
    return len(message.content)


def _text(message: SmscMessage) -> str:
    """As the phone shows it; USSD numbers alphabets in its own way (3GPP TS 23.038 §5)."""
    usual = {_GSM7_DCS: sms_encoding.GSM7, _UCS2_DCS: sms_encoding.UCS2}
    return sms_encoding.decode_sms(
        message.content, usual.get(message.data_coding, message.data_coding)
    )
