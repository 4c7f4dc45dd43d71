"""Somebody who dials, without a wire."""

from __future__ import annotations

from itertools import count

from gateway.mail import Act, Arrived, Outgoing, Turn
from tests.gateway.mails import ZHANG
from tests.gateway.office import Office

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
        return self._says(Act.BEGIN, code)

    def types(self, keys: str) -> str:
        return self._says(Act.ON, keys)

    def walks(self, *keys: str) -> str:
        """From the root to the last screen."""
        self.dials()
        shown = [self.types(key) for key in keys]
        return shown[-1]

    def hangs_up(self) -> None:
        assert self._answers(Act.END, "") == []

    def _says(self, act: Act, text: str) -> str:
        screen, *letters = self._answers(act, text)
        assert screen.screen is not None
        assert screen.screen.session == self.session
        self.open = screen.screen.act is Act.ON
        assert all(letter.screen is None for letter in letters)
        self.texts += [letter.text for letter in letters]
        return screen.text

    def message(self, act: Act, text: str) -> Arrived:
        """What the desk would be handed."""
        self.office.bag.now += 1
        turn = Turn(act, self.session)
        return self.office.arrived(text, self.phone, port="0.1.139", turn=turn)

    def _answers(self, act: Act, text: str) -> list[Outgoing]:
        answers = self.office.answers(self.message(act, text))
        if self.seen:
            self.office.take([answer for answer in answers if answer.asks_for])
        return answers
