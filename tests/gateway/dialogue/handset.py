"""Somebody who dials, without a wire."""

from __future__ import annotations

from itertools import count

from gateway.model.messages import OutgoingMessage, ScreenAct, UssdInput
from tests.gateway.hall import Office
from tests.gateway.messages import ZHANG

_sessions = count(1)


class Handset:
    """Somebody who dials."""

    def __init__(self, office: Office, phone: str = ZHANG) -> None:
        self.office = office
        self.phone = phone
        self.session = ""
        self.open = False
        self.seen = True  # the centre takes what is shown
        self.texts: list[str] = []  # short messages that came besides

    def dials(self, code: str = "*139#") -> str:
        self.session = str(next(_sessions))
        return self._says(ScreenAct.BEGIN, code)

    def types(self, keys: str) -> str:
        return self._says(ScreenAct.ON, keys)

    def walks(self, *keys: str) -> str:
        """From the root to the last screen."""
        self.dials()
        shown = [self.types(key) for key in keys]
        return shown[-1]

    def hangs_up(self) -> None:
        assert self._answers(ScreenAct.END, "") == []

    def _says(self, act: ScreenAct, text: str) -> str:
        screen, *letters = self._answers(act, text)
        assert screen.screen is not None
        assert screen.screen.session == self.session
        self.open = screen.screen.act is ScreenAct.ON
        assert all(letter.screen is None for letter in letters)
        self.texts += [letter.text for letter in letters]
        return screen.text

    def message(self, act: ScreenAct, text: str) -> UssdInput:
        """What the desk would be handed."""
        self.office.bag.now += 1
        office = self.office
        return office.bag.dialled(act, self.session, text, self.phone, bind=office.bind)

    def _answers(self, act: ScreenAct, text: str) -> list[OutgoingMessage]:
        answers = self.office.answers(self.message(act, text))
        if self.seen:
            self.office.take([answer for answer in answers if answer.asks_for])
        return answers
