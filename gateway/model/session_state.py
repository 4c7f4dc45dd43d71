"""Where a subscriber stands on one channel: in a dialogue of commands, and in a menu."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, NamedTuple

import orjson

from commands.model.dialogue import (
    EXPIRED_IS_TOLD,
    NO_DIALOGUE,
    AwaitedInput,
    Dialogue,
    NumberedList,
    PendingConfirm,
)
from commands.model.request import AuthLevel, ConfirmRule
from menus.model.position import Position, from_json
from menus.model.wording import MenuChannel

ANY_LINE: Final = "-"
"""What a dialogue is called that nothing but the phone's number tells from others, or that we have
begun ourselves and the network has not named yet."""


@dataclass(frozen=True, slots=True)
class OpenMenu:
    """A walk that has not ended. `line` is what the network calls the dialogue or the call, empty
    once it broke off: then dialling again may go on. It began at `since` with the message `began`,
    and something was shown last at `shown`. `kept` are secrets typed on the way, sealed.
    `proved` is the number whose password has been right since it began; `actions` are the last
    commands that answered on a call, `waits` tells how often its caller has waited for a person in
    vain. `reached`: it has led to something."""

    position: Position
    until: int  # seconds since 1970
    line: str = ""
    kept: Mapping[str, bytes] = field(default_factory=dict)
    proved: str = ""
    since: int = 0  # seconds since 1970
    shown: int = 0
    began: int = 0
    actions: tuple[str, ...] = ()
    waits: int = 0
    reached: bool = False


class SessionState(NamedTuple):
    """`edition`: the one that an open dialogue of commands goes by; a menu has its own in its
    position."""

    dialogue: Dialogue = NO_DIALOGUE
    menu: OpenMenu | None = None
    edition: str = ""

    @property
    def empty(self) -> bool:
        return self.menu is None and self.dialogue.empty


NOWHERE: Final = SessionState()
_DIALOGUE: Final = tuple(field.name for field in fields(Dialogue))


def asks_more(now: Dialogue, before: Dialogue) -> bool:
    """True if a question or a numbered list has come up since."""
    listed = now.choice is not None and now.choice.items and now.choice != before.choice
    asked = now.step is not None and now.step != before.step
    return bool(listed or asked or set(now.pending) - set(before.pending))


def ends(state: SessionState) -> int:
    """The moment from which nothing of it is needed any more."""
    dialogue, menu = state.dialogue, state.menu
    moments = [pending.until + EXPIRED_IS_TOLD for pending in dialogue.pending]
    if dialogue.choice is not None:
        moments.append(dialogue.choice.until + EXPIRED_IS_TOLD)
    moments += [
        s.until + EXPIRED_IS_TOLD for s in (dialogue.step, dialogue.lapsed) if s is not None
    ]
    if menu is not None:
        numbered = menu.position.channel is MenuChannel.SMS
        moments.append(menu.until + (EXPIRED_IS_TOLD if numbered else 0))
    return max(moments)


def packed(state: SessionState) -> bytes:
    return orjson.dumps(plain(state))


def unpacked(state: bytes) -> SessionState:
    return read(orjson.loads(state))


def plain(state: SessionState) -> dict[str, object]:
    dialogue = state.dialogue
    written: dict[str, object] = {name: getattr(dialogue, name) for name in _DIALOGUE}
    if state.edition:
        written["edition"] = state.edition
    menu = state.menu
    if menu is not None:
        written["menu"] = {
            "at": menu.position.as_json(),
            "until": menu.until,
            "line": menu.line,
            "kept": {name: b64encode(sealed).decode() for name, sealed in menu.kept.items()},
            "proved": menu.proved,
            "since": menu.since,
            "shown": menu.shown,
            "began": menu.began,
            "actions": menu.actions,
            "waits": menu.waits,
        } | ({"reached": True} if menu.reached else {})
    return written


def read(written: Any) -> SessionState:
    edition = written.get("edition", "")
    return SessionState(_dialogue(written), _menu(written.get("menu")), edition)


def _menu(written: Any) -> OpenMenu | None:
    position = from_json(written["at"]) if written else None
    if position is None:
        return None
    kept = {name: b64decode(sealed) for name, sealed in written["kept"].items()}
    return OpenMenu(
        position,
        written["until"],
        written["line"],
        kept,
        written["proved"],
        written.get("since", 0),
        written.get("shown", 0),
        written.get("began", 0),
        tuple(written.get("actions", ())),
        written.get("waits", 0),
        written.get("reached", False),
    )


def _dialogue(written: Any) -> Dialogue:
    choice = written["choice"]
    return Dialogue(
        NumberedList(
            tuple(choice["items"]),
            choice["until"],
            choice.get("several", False),
            choice.get("latest", False),
        )
        if choice
        else None,
        tuple(
            PendingConfirm(
                p["order"],
                p["action"],
                ConfirmRule(p["confirm"]),
                p["until"],
                tuple(p.get("against", ())),
            )
            for p in written["pending"]
        ),
        _step(written["step"]),
        _step(written.get("lapsed")),
    )


def _step(written: Any) -> AwaitedInput | None:
    return AwaitedInput(**written | {"level": AuthLevel(written["level"])}) if written else None
