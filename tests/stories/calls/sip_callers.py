"""People who call the hall by SIP: what comes on the line is known again, sound by sound."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from twisted.internet.task import deferLater

from gateway.store.tables import dialogues
from tests.ivr.telephones.rtp import FRAME
from tests.ivr.telephones.sip import Keys, Telephones
from tests.ivr.telephones.sound_recognition import known
from tests.stories.calls.listening import CallListener
from tests.stories.hall import Hall


class SipCallers:
    """Telephones in front of a hall whose sounds can be told apart by their first frame."""

    def __init__(self, phones: Telephones, hall: Hall) -> None:
        self.phones = phones
        self.hall = hall
        folder = hall.gateway.settings.ivr.sounds
        self._placed, self._mark = 0, hall.log.mark()
        self.texts = {sound.octets[:FRAME]: sound.text for sound in known(folder)}

    async def calls(
        self, number: str = "10086", caller: str = "13800138001", keys: Keys = Keys.EVENTS
    ) -> SipCaller:
        """Returns once the call is answered."""
        placed = SipCaller(self, number, caller, keys)
        self._placed += 1
        await placed.line.answered
        return placed

    async def leave_nothing(self) -> None:
        """All calls are over for the hall as well; no dialogue is left of them, and no failure."""
        self.phones.hang_up()
        mark, log = self._mark, self.hall.log
        # who comes back from a talk to have his password checked has begun twice
        begun = sum(line["event"] == "call" for line in log.all[mark:])
        for _ in range(max(self._placed, begun)):
            gone = await log.told("served", mark, action="menu", result="gone")
            mark = log.all.index(gone, mark) + 1
        await self.hall.gateway.desk.drained()
        assert b"hallgate_calls 0.0" in self.hall.gateway.counts.text()
        open_dialogues = select(dialogues.c.who).where(dialogues.c.who.like("voice:%"))
        assert self.hall.rows(open_dialogues) == []
        assert log.named("failed", since=self._mark) == []

    async def pause(self, seconds: float) -> None:
        """What a story is about may be a moment."""
        await deferLater(self.phones.reactor, seconds)


class SipCaller:
    """One call, from the caller's side."""

    def __init__(self, callers: SipCallers, number: str, caller: str, keys: Keys) -> None:
        self.line = callers.phones.call(number, caller, self._frame, keys)
        self._attention = CallListener(callers.phones.reactor)
        self._texts: Mapping[bytes, str] = callers.texts
        self._hall = callers.hall

    def _frame(self, frame: bytes) -> None:
        if (text := self._texts.get(frame)) is not None:
            self._attention.hears(text)

    def presses(self, keys: str) -> None:
        """And listens to what comes of it."""
        self._attention.listens()
        self.line.press(keys)

    async def heard(self, words: str) -> str:
        """Returns all that was heard since the last key, once these words are among it."""
        try:
            return await self._attention.heard(words)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self._hall.log.tail()}") from None

    async def asks(self, keys: str, words: str) -> str:
        """Presses keys and waits for words."""
        self.presses(keys)
        return await self.heard(words)

    async def hangs_up(self) -> None:
        """And the exchange knows it."""
        self.line.hang_up()
        await self.line.over
