"""A message walked again on the configuration of today: what it would be answered now, and why that
differs. Nothing comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import Field

from gateway.api.act import REVEAL, Act
from gateway.api.guard import Routes, Runs
from gateway.api.models import Moment, Told, moment
from gateway.api.problems import Problem
from gateway.api.routes.subscribers import READ, is_open
from gateway.api.routes.trace import AskedLookup, MessageId, found_message
from gateway.config.checked_yaml import BadFile
from gateway.editions.membership import edition_at, edition_for
from gateway.editions.publishing import UnknownEdition, in_force
from gateway.model.message_id import floor_at, message_of, moment_of
from gateway.model.tracing.message_trace import TracedMessage, TracedSending
from gateway.operators.answer_rules import HOW, rules_of
from gateway.operators.message_traces import masked_words
from gateway.operators.walk_differences import (
    ASPECTS,
    WORDS,
    Aspects,
    Because,
    WalkDifference,
    aspects_of,
    differences,
)
from gateway.serving.beside.dialogue_steps import Steps, WhyNot, steps_to
from gateway.serving.beside.walking_again import WalkedMessage, walk_again
from gateway.store.editions.editions import SqlEditions
from gateway.store.operators.message_trace import MessageTrace
from menus.model.wording import MenuChannel

routes = Routes("trace")
_BEFORE: Final = 3600  # seconds in which what it goes on with was said
_EARLIER: Final = 60  # messages of them, at most
_SECRET: Final = "(secret)"


class AgainReplyTold(Told):
    """A text of conf/replies that answers. `facts` are empty while masked, and secrets null."""

    name: str
    file: str
    line: int
    template: str
    facts: dict[str, Any]


class CommandRuleTold(Told):
    """What the table of rights says. `level` empty: the command is not offered there."""

    operation: str
    interface: str
    level: str
    confirm: str
    steps: list[str]
    unavailable: str


class WalkTold(Told):
    """What it would be answered. `words` are empty while masked."""

    edition: str
    understood: str
    could_have_been: list[str]
    action: str
    result: str
    chosen: list[str]
    texts: list[str]
    rules: list[str]
    offers: list[str]
    words: list[str]
    replies: list[AgainReplyTold]
    rule: CommandRuleTold | None


class DifferenceTold(Told):
    """`before`: on the edition of then with the data of now; null: that is not known. Words are
    empty while masked."""

    what: str
    then: list[str]
    before: list[str] | None
    now: list[str]
    because: Because


class StepTold(Told):
    """A step of the same talk, as it was, and as it would be now."""

    id: str
    at: Moment
    said: str
    action: str
    result: str
    action_now: str
    result_now: str
    differs: bool


class AgainTold(Told):
    """`reach`: whole; reading: only how it would be understood, for it had a secret in it; not:
    `why_not` says why."""

    masked: bool
    walked_at: Moment
    reach: Literal["whole", "reading", "not"]
    why_not: WhyNot | None = None
    edition_then: str = Field(description="empty: not known")
    edition_now: str
    steps: list[StepTold]
    before: WalkTold | None = Field(description="on the edition of then, if that is another")
    now: WalkTold | None
    differences: list[DifferenceTold]


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of it, and by which editions it went and would go."""

    one: TracedMessage
    earlier: Sequence[TracedMessage]
    full: bool
    then: str
    now: str


@routes.get("/trace/{message}/again", READ, Runs.ITSELF, refusals=(404, 409))
def walk_message_again(
    act: Act, message: MessageId, lookup: AskedLookup | None = None
) -> AgainTold:
    """What it would be answered now, on the edition in force, and what differs from what it was
    answered: because of conf/, or of the subscriber's data. Nothing is done or sent."""
    with act.store.transaction() as connection:
        act.within(connection)
        found = _find(act, message, lookup)
    try:
        return _walked(act, found)
    except BadFile as bad:
        raise Problem(409, f"the edition cannot be read: {bad.findings[0]}") from None


def _find(act: Act, message: str, lookup: str | None) -> _Found:
    """With its audit row. Raises Problem."""
    messages, looked = found_message(act, message, lookup)
    one = messages[0]
    full = looked is not None and is_open(act, looked)
    traces = MessageTrace(act.connection, act.store.seal)
    since = floor_at(moment_of(one.id) - _BEFORE)
    earlier = traces.of_number(one.phone, _EARLIER, since, one.id) if one.phone else []
    editions = SqlEditions(act.connection)
    held = in_force(editions, act.now)
    now = edition_for(one.phone, editions.last_decision(), held).version
    then = edition_at(editions, one.phone, moment_of(one.id), one.why.menu, act.now)
    act.note(
        action=str(REVEAL if full else READ), subscriber=one.phone,
        reason=looked.reason if looked else "", result=f"message {message} walked again",
    )  # fmt: skip
    same = [each for each in earlier if each.channel == one.channel]
    return _Found(one, same, full, then, now)


def _walked(act: Act, found: _Found) -> AgainTold:
    """Raises BadFile."""
    edition = act.context.conf.editions.get(found.now)
    calls = edition.snapshot.menus.book.entries.get(MenuChannel.VOICE, {})
    steps = steps_to(found.one, found.earlier, calls)
    told = AgainTold(
        masked=not found.full, walked_at=moment(act.now), reach="not", edition_then=found.then,
        edition_now=found.now, steps=[], before=None, now=None, differences=[],
    )  # fmt: skip
    if isinstance(steps, WhyNot):
        return told.model_copy(update={"why_not": steps})
    boss = act.context.settings.boss is not None
    now = walk_again(act.store, edition, steps, act.now, boss=boss)
    before = now if found.then == found.now else _on_that_of_then(act, found, steps, boss=boss)
    return told.model_copy(update=_compared(found, steps, before, now))


def _on_that_of_then(
    act: Act, found: _Found, steps: Steps, *, boss: bool
) -> list[WalkedMessage] | None:
    """None: it is not kept, or this program cannot read it."""
    if not found.then:
        return None
    try:
        edition = act.context.conf.editions.get(found.then)
    except (BadFile, UnknownEdition):
        return None
    return walk_again(act.store, edition, steps, act.now, boss=boss)


def _compared(
    found: _Found, steps: Steps, before: list[WalkedMessage] | None, now: list[WalkedMessage]
) -> dict[str, object]:
    one, last = steps.messages[-1], now[-1]
    aspects, of = aspects_of(one), _comparable(one, steps)
    then = {**aspects, WORDS: _words_then(one)}
    between = _aspects(before[-1]) if before else None
    there = before[-1] if before and before is not now else None
    return {
        "reach": "reading" if steps.reading_only else "whole",
        "steps": [
            _step(each, walked, full=found.full)
            for each, walked in zip(steps.messages, now, strict=True)
        ],
        "before": _walk(there, found.then, full=found.full) if there else None,
        "now": _walk(last, found.now, full=found.full),
        "differences": [
            _difference(each, full=found.full)
            for each in differences(then, between, _aspects(last), of)
        ],
    }


def _comparable(one: TracedMessage, steps: Steps) -> tuple[str, ...]:
    """What a call says is not kept, nor are words beyond their time; where a message is only read,
    nothing is answered."""
    if steps.reading_only:
        return ("understood", "could_have_been", "action")
    kept = all(sent.words or sent.secret for sent in _answers(one))
    return (*ASPECTS, WORDS) if kept and one.channel != MenuChannel.VOICE else ASPECTS


def _answers(one: TracedMessage) -> list[TracedSending]:
    """Without what the BOSS's result said later."""
    return [sent for sent in one.sent if message_of(sent.id) == one.id]


def _words_then(one: TracedMessage) -> tuple[str, ...]:
    return tuple(_SECRET if sent.secret else sent.words for sent in _answers(one))


def _words(walked: WalkedMessage) -> tuple[str, ...]:
    return tuple(_SECRET if words is None else words for words in walked.words)


def _aspects(walked: WalkedMessage) -> Aspects:
    return {**aspects_of(walked.message), WORDS: _words(walked)}


# -- as it is told -------------------------------------------------------------------------------


def _step(one: TracedMessage, walked: WalkedMessage, *, full: bool) -> StepTold:
    now = walked.message
    return StepTold(
        id=str(one.id),
        at=moment(int(moment_of(one.id))),
        said=one.words if full else masked_words(one.words),
        action=one.action,
        result=one.result,
        action_now=now.action,
        result_now=now.result,
        differs=aspects_of(one) != aspects_of(now),
    )


def _walk(walked: WalkedMessage, edition: str, *, full: bool) -> WalkTold:
    one = walked.message
    rule = walked.rule
    return WalkTold(
        edition=edition,
        understood=HOW.get(one.why.how, one.why.how),
        could_have_been=list(one.why.also),
        action=one.action,
        result=one.result,
        chosen=list(one.why.path),
        texts=list(one.why.says),
        rules=rules_of(one),
        offers=[f"{code} {result}" for code, result in one.offers],
        words=list(_words(walked)) if full else [],
        replies=[
            AgainReplyTold(
                name=said.name,
                file=said.source.file if said.source else "",
                line=said.source.line if said.source else 0,
                template=said.source.text if said.source else "",
                facts=dict(said.facts) if full else {},
            )
            for said in walked.said
        ],
        rule=CommandRuleTold(**{**rule._asdict(), "steps": list(rule.steps)}) if rule else None,
    )


def _difference(one: WalkDifference, *, full: bool) -> DifferenceTold:
    hidden = one.what == WORDS and not full
    return DifferenceTold(
        what=one.what,
        then=[] if hidden else _said(one.what, one.then),
        before=None if one.before is None else [] if hidden else _said(one.what, one.before),
        now=[] if hidden else _said(one.what, one.now),
        because=one.because,
    )


def _said(what: str, values: tuple[str, ...]) -> list[str]:
    return [HOW.get(value, value) for value in values] if what == "understood" else list(values)
