"""Subscribers who talk to the hall by themselves, and know what must have come of it.

Each waits for the answer to one message before sending the next, as people do. What is answered
twice does not confuse them; a question that comes again is answered again, if nothing else comes;
what does not fit is remembered as strange. Whose question the hall has forgotten, which it says
when it hears a yes, asks anew what led to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from random import Random

from gateway.config.sample.people import Persona, password_of, subscriber
from simulators.smsc.audit import WrittenText
from simulators.smsc.handset import ShownMessage
from simulators.smsc.smsc import Smsc

Ask = tuple[str, tuple[str, ...]]  # what to send, and what one of the answers must hold
Chapter = Generator[Ask, str, None]

FORGOTTEN = ("没有明白您的意思", "没有待确认")  # of a hall that knows of no question
YES = ("是", "Y")

PART = 16  # octets: only a change of password is longer
FEES = {"40": 1_000, "100": 2_000}  # fen a month


@dataclass
class Expected:
    """What the store must hold of one subscriber when all is said."""

    password: str
    balance_fen: int
    fees: list[tuple[str, int]] = field(default_factory=list)  # service, fen
    opened: list[str] = field(default_factory=list)
    running: str = ""  # the one of them that goes on
    confirmed: int = 0  # orders: none was left unanswered


class Talker:
    """One subscriber: `place` among the sample's, and chapters in an order of their own."""

    def __init__(self, place: int, chance: Random) -> None:
        self.persona: Persona = subscriber(place)
        self.number = self.persona.account.msisdn
        self.sent: list[str] = []
        self.heard: list[str] = []
        self.repeated = 0
        self.strange: list[str] = []
        self.passwords: list[str] = []  # told by the hall, each time it told one
        self.expected = Expected(self.persona.password.reveal(), self.persona.account.balance_fen)
        self.done = False
        self._place = place
        self._asks = self._story(chance)
        self.forgotten = 0  # questions that the hall knew nothing of any more
        self._anew = False  # what led to one of them was asked again
        self._ask: Ask = ("", ())
        self._earlier: Ask = ("", ())  # what led to the question that is answered now
        self._question = ""  # what the last message answered
        self._asked_again = False
        self._said: WrittenText | None = None
        self.said_again: list[tuple[WrittenText, WrittenText]] = []
        """The same words twice in a row, on purpose: the first time and the second."""

    def begin(self, smsc: Smsc) -> None:
        smsc.script(self.number, lambda message: self._reads(message, smsc))
        self._ask = next(self._asks)
        self._say(self._ask[0], smsc)

    def _say(self, text: str, smsc: Smsc) -> None:
        """What is long comes in two parts."""
        self._asked_again = False
        self.sent.append(text)
        self._said = smsc.send(self.number, text, size=PART)

    def _reads(self, message: ShownMessage, smsc: Smsc) -> None:
        """A message is on the screen."""
        text = message.text
        self.passwords += re.findall(r"新服务密码为(\d{6})", text)
        known = text in self.heard
        self.heard.append(text)
        if self._goes_back(text, smsc):
            return
        if self.done or not any(mark in text for mark in self._ask[1]):
            if known:
                self.repeated += 1
                self._asked_again |= text == self._question
            else:
                self.strange.append(f"{self.number} to {self.sent[-1]}: {text}")
            return
        try:
            self._earlier, self._ask = self._ask, self._asks.send(text)
        except StopIteration:
            self.done = True
            return
        self._question = text
        self._say(self._ask[0], smsc)

    def _goes_back(self, text: str, smsc: Smsc) -> bool:
        """To what led to a question that the hall has forgotten, and from there to the yes."""
        yes = self._ask[0] in YES and not self.done
        if self._anew and yes and any(mark in text for mark in self._earlier[1]):
            self._anew = False
            self._question = text
            self._say(self._ask[0], smsc)
            return True
        if yes and not self._anew and any(mark in text for mark in FORGOTTEN):
            self.forgotten += 1
            self._anew = True
            self._say(self._earlier[0], smsc)
            return True
        return False

    def answer_again(self, smsc: Smsc) -> None:
        """Nothing moves any more, and what was said has arrived. A yes that came before the hall
        knew that its question had been taken agrees to nothing: the hall asked again, and is
        answered again. Nothing else is said again: a hall that starts slowly would do it twice."""
        said = self._said
        if said is not None and said.outcome == 0 and self._asked_again and self._ask[0] in YES:
            self._say(self._ask[0], smsc)
            assert self._said is not None
            self.said_again.append((said, self._said))

    def waits(self) -> str:
        """In words, for what."""
        return f"{self.number} sent {self.sent}, waits for {self._ask[1]}"

    # -- what they talk about --------------------------------------------------------------------

    def _story(self, chance: Random) -> Chapter:
        chapters: list[Callable[[], Chapter]] = [
            self._random_password,
            self._change_password,
            lambda: self._order("40"),
            lambda: self._order("100"),
            self._cancel,
        ]
        chance.shuffle(chapters)
        yield from self._balance()
        for chapter in chapters:
            yield from chapter()
        yield from self._balance()

    def _balance(self) -> Chapter:
        """What was booked since the last time must show: an old answer will not do."""
        yield "YE", (f"您的余额{self.expected.balance_fen / 100:.2f}元",)

    def _random_password(self) -> Chapter:
        yield "2010", ("您将获取新的随机服务密码",)
        self.expected.confirmed += 1
        told = yield "Y", ("您的新服务密码为",)
        found = re.search(r"新服务密码为(\d{6})", told)
        assert found is not None
        self.expected.password = found[1]

    def _change_password(self) -> Chapter:
        new = password_of(self._place + 500_000, self.number)
        yield f"MMXG#{self.expected.password}#{new}#{new}", ("修改成功",)
        self.expected.password = new

    def _order(self, hours: str) -> Chapter:
        name = f"校园WLAN {hours}小时"
        told = yield f"KTEDU{hours}", (f"正在订购{name}", f"您已退订{name}")
        if "正在订购" not in told:
            return
        self.expected.confirmed += 1
        yield "是", (f"【办理成功】{name}",)
        service = f"EDU{hours}"
        self.expected.fees.append((service, FEES[hours]))
        self.expected.balance_fen -= FEES[hours]
        self.expected.opened.append(service)
        self.expected.running = service

    def _cancel(self) -> Chapter:
        told = yield "QXEDU", ("您将退订校园WLAN", "您没有订购校园WLAN")
        if "您将退订" not in told:
            return
        self.expected.confirmed += 1
        yield "Y", ("小时已退订",)
        self.expected.running = ""


def talkers(first: int, count: int, chance: Random) -> list[Talker]:
    """Sample subscribers who can pay for what they order."""
    assert first % 10_000 >= 5_000, "below that a sample subscriber has less than 50 yuan"
    return [Talker(place, chance) for place in range(first, first + count)]
