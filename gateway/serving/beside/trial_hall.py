"""A hall for one who tries it out: an edition that nobody is served by, on a store of its own, with
the sample's subscribers. What is done there is done nowhere else, and is gone at its end."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from gateway.config.sample.people import Persona
from gateway.config.settings import Settings
from gateway.config.time_zone import OperatorCalendar
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.snapshot import HallSnapshot
from gateway.dialogue.voice_instruction import (
    AfterPrompt,
    KeysWanted,
    VoiceInstruction,
    typed_text,
)
from gateway.model.address import Address
from gateway.model.cluster_view import ClusterView
from gateway.model.message_id import MessageIds
from gateway.model.messages import CallInput, ScreenAct, ShortMessage, SubscriberInput, UssdInput
from gateway.model.smsc_groups import SmscGroups
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.security.encryption import Seal
from gateway.security.random_digits import SystemRandomDigits
from gateway.serving.batch import BatchServer
from gateway.serving.rate_limit import HourlyQuota
from gateway.serving.redelivery import Redelivery
from gateway.serving.work import Served
from gateway.store.retention import Retention
from gateway.store.sample.people import put_personas
from gateway.store.sessions import StoreSessions
from gateway.store.store import Store

_LINK: Final = "trial"


class _Alone:
    """gateway.model.cluster_view.Member: nobody else knows of this store."""

    @contextmanager
    def batch(self) -> Iterator[ClusterView]:
        yield ClusterView()

    def holds(self, _connection: object, _view: ClusterView, _used: frozenset[int]) -> bool:
        return True


class TrialText(NamedTuple):
    """A short message of the hall. `to`: empty, if it is for who tries it out."""

    text: str
    source: str
    to: str = ""


class TrialScreen(NamedTuple):
    """What stands on the phone. Without `waits` the dialogue is over."""

    text: str
    waits: bool


class TrialPrompt(NamedTuple):
    """What a caller hears, and what follows: keys that are waited for, a person, the end."""

    text: str
    language: str
    then: AfterPrompt


class TrialAnswer(NamedTuple):
    texts: tuple[TrialText, ...] = ()
    screen: TrialScreen | None = None
    prompt: TrialPrompt | None = None


class TrialHall:
    """For one at a time. `wall`: the moment that it is there, in seconds since 1970."""

    def __init__(
        self,
        settings: Settings,
        snapshot: HallSnapshot,
        people: Iterable[Persona],
        phone: str,
        wall: Callable[[], float],
    ) -> None:
        self.phone, self._book, self._wall = phone, snapshot, wall
        self._ids, self._serial = MessageIds(0, wall), 0
        self._ussd = self._call = ""  # the session that is open
        self._keys = KeysWanted()
        self._open = ExitStack()
        folder = Path(self._open.enter_context(TemporaryDirectory(prefix="hallgate-trial-")))
        self._store = Store(
            f"sqlite:///{folder / 'hall.db'}",
            Seal(secrets.token_bytes(32)),
            OperatorCalendar(settings.service.timezone),
        )
        self._open.callback(self._store.close)
        self._store.prepare()
        put_personas(self._store, people, int(wall()))
        self._server = BatchServer(
            self._store, StoreSessions(), EditionsInForce(snapshot), HourlyQuota(0),
            SystemRandomDigits(), Redelivery(settings.limits.redelivery, wall, SmscGroups()),
            Retention(), Metrics(), Log(BytesIO()), _Alone(), message_lines=False,
            placed=(lambda: None) if settings.boss else None, wall=wall,
        )  # fmt: skip

    def close(self) -> None:
        self._open.close()

    @property
    def on_call(self) -> bool:
        return bool(self._call)

    # -- what one does with the phone -------------------------------------------------------------

    def text(self, words: str, to: str = "") -> TrialAnswer:
        id, port = self._ids.next(), Address.service(to or self._book.number)
        return self._served(
            ShortMessage(id, 1, _LINK, _mark(id), self.phone, self._own, port, words)
        )

    def dial(self, code: str) -> TrialAnswer:
        self._ussd = self._session()
        return self._on_screen(ScreenAct.BEGIN, code)

    def type(self, key: str) -> TrialAnswer:
        """On the screen; nothing, if none is open."""
        return self._on_screen(ScreenAct.ON, key) if self._ussd else TrialAnswer()

    def leave(self) -> None:
        if self._ussd:
            self._on_screen(ScreenAct.END, "")
            self._ussd = ""

    def call(self, number: str) -> TrialAnswer:
        self.ring_off()
        self._call, self._called = self._session(), number or self._book.number
        return self._in_call(ScreenAct.BEGIN)

    def press(self, keys: str) -> TrialAnswer:
        """As many as the hall gathers at once, one gathering after the other; nothing is
        silence. What is said before the last is not heard."""
        said = TrialAnswer()
        for gathered in self._gatherings(keys):
            if not self._call:
                break
            said = _behind(said, self._in_call(ScreenAct.ON, gathered))
        return said

    def ring_off(self) -> None:
        if self._call:
            self._in_call(ScreenAct.END)
            self._call = ""

    # -- how the hall takes it --------------------------------------------------------------------

    @property
    def _own(self) -> Address:
        return Address.international(self.phone)

    def _session(self) -> str:
        self._serial += 1
        return f"trial-{self._serial}"

    def _gatherings(self, keys: str) -> Iterable[str]:
        """One by one: what is gathered next is known when the last was answered."""
        if not keys:
            yield ""
        while keys:
            wanted = self._keys
            ends = [at for at, key in enumerate(keys[: wanted.most + 1]) if key in wanted.enders]
            cut = min(ends, default=wanted.most)
            gathered, ender = keys[:cut], keys[cut : cut + 1] if ends else ""
            keys = keys[cut + len(ender) :]
            yield typed_text(gathered, ender)

    def _on_screen(self, act: ScreenAct, typed: str) -> TrialAnswer:
        id, port = self._ids.next(), Address.service(self._book.ussd_number)
        message = UssdInput(
            id, 1, _LINK, _mark(id), self.phone, self._own, port, act, self._ussd, typed
        )
        answer = self._served(message)
        if answer.screen is not None and not answer.screen.waits:
            self._ussd = ""
        return answer

    def _in_call(self, act: ScreenAct, keys: str = "") -> TrialAnswer:
        number = Address.service(self._called)
        message = CallInput(self._ids.next(), _LINK, self._call, act, self.phone, number, keys)
        answer = self._served(message)
        if answer.prompt is not None and answer.prompt.then in _OVER:
            self._call = ""
        return answer

    def _served(self, message: SubscriberInput) -> TrialAnswer:
        (served,) = self._server.serve([message])
        assert isinstance(served, Served)
        screens = [one for one in served.answers if one.screen is not None]
        letters = [one for one in served.answers if one.screen is None]
        screen = screens[-1] if screens else None
        if served.cue is not None:
            self._keys = served.cue.keys
        return TrialAnswer(
            tuple(
                TrialText(
                    one.text,
                    one.source.digits,
                    "" if one.destination.digits == self._own.digits else one.destination.digits,
                )
                for one in letters
            ),
            screen
            and TrialScreen(
                screen.text, screen.screen is not None and screen.screen.act is ScreenAct.ON
            ),
            _prompt(served.cue),
        )


_OVER: Final = (AfterPrompt.HANG_UP, AfterPrompt.HAND_OVER)


def _prompt(cue: VoiceInstruction | None) -> TrialPrompt | None:
    return None if cue is None else TrialPrompt(cue.text, cue.language, cue.then)


def _behind(before: TrialAnswer, answer: TrialAnswer) -> TrialAnswer:
    return answer._replace(texts=before.texts + answer.texts)


def _mark(id: int) -> bytes:
    return id.to_bytes(8, "big")
