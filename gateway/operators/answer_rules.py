"""Why a message was answered so, in words for those who work here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gateway.model.tracing.message_trace import TracedMessage

HOW: Final[Mapping[str, str]] = {
    "code": "by its code",
    "guessed": "by its words, or by likeness to a code",
    "misformed": "as a command whose parameters do not fit",
    "yes": "as a yes to what waited for one",
    "no": "as a no to what waited for a yes",
    "doubtful": "neither as yes nor as no, while a confirm waited",
    "which": "as a yes, while several confirms waited",
    "left": "as leaving what was open",
    "late": "as what was asked for, and came too late",
    "typed": "as what had been asked for",
    "unlisted": "as a number that no open list has",
    "unknown": "not at all",
    "menu": "as a step of a menu",
    "door": "as asked by another interface",
    "unasked": "nobody asked for it",
    "": "not kept: of a time before that was noted, or nothing to understand",
}
"""How it was understood."""

RULES: Final[Mapping[str, str]] = {
    "auth.ask_number": "it asks which number it is about",
    "auth.ask_pw": "proof: it asks for the service password",
    "auth.ask_otp": "proof: it asks for the random code",
    "door.ask_otp": "proof: it asks for the random code, at the other interface",
    "auth.otp": "proof: a random code was sent",
    "auth.otp_limit": "lock: too many random codes",
    "auth.otp_": "proof: the random code was not accepted",
    "auth.pw_wrong": "proof: the service password was wrong",
    "auth.pw_locked": "lock: too many wrong service passwords",
    "auth.resting": "lock: too many passwords tried by this sender",
    "auth.id_locked": "lock: too many wrong certificate numbers",
    "auth.weak_blocks": "right: not with a weak or initial password",
    "auth.not_realname": "right: only for numbers that are real-named",
    "sys.channel": "right: this command is not offered on that channel or interface",
    "sys.origin": "right: the interface is not registered",
    "sys.operator": "right: this interface needs an operator who is registered",
    "sys.window": "right: not at this hour on that interface",
    "sys.own_phone": "right: only from the number that it is about",
    "sys.unavailable": "the command cannot be had at this hall",
    "sys.no_account": "the number is nobody's here",
    "sys.accepted": "BOSS: accepted, the result is told later",
    "sys.undone": "BOSS: it was not done",
    "sys.busy": "a mistake of ours, or the store was away",
    "sv.err.status": "right: not in the state that the number is in",
    "sv.err.black": "right: a customer class forbids it",
    "sv.err.only": "right: only for another customer class",
    "sv.err.pending": "BOSS: the same is being done already",
    "sv.barred": "right: the number is blocked (hallgate block)",
    "help.many": "limit: too much was asked within the hour",
    "help.guessed": "it was guessed, and says so",
    "help.also": "a second wish is proposed besides",
}
"""By the text that answered, or by how its name begins: which rule that was."""

RESULTS: Final[Mapping[str, str]] = {
    "limited": "limit: too much was asked within the hour",
    "repeated": "the SMSC sent it again: what was answered before was said again",
    "kept": "a part of a longer message: it waits for the others",
    "ignored": "not answered: empty, or not from a mobile number of this country",
    "failed": "a mistake of ours: the log has its id",
    "accepted": "BOSS: accepted, the result is told later",
    "unseen": "it was typed before the screen had left: not taken as an answer to it",
    "gone": "the dialogue or the call was over",
}
"""By how it ended, where no text tells."""


def rules_of(one: TracedMessage) -> list[str]:
    """Which rules it was answered by, besides that it was what was asked for; none twice."""
    found = dict.fromkeys(_rules(one))
    if not found and one.result in RESULTS:
        return [RESULTS[one.result]]
    return list(found)


def _rules(one: TracedMessage) -> Iterator[str]:
    for text in (*one.why.says, *one.refused):
        if rule := _rule(text):
            yield rule
    if one.turned_away:
        yield "the store was away: the SMSC was asked to send it again"


def _rule(text: str) -> str:
    name = text
    while name:
        if name in RULES:
            return RULES[name]
        name = name.rpartition(".")[0]
    return RULES["auth.otp_"] if text.startswith("auth.otp_") else ""
