"""The clerk at the counter: takes what was understood through proof, confirm and effect.

    asked ── proof enough? ──no──▶ a step waits for the password ──typed──┐
      │ yes  ◀───────────────────────────────────────────────────────────┘
      ├─ a query ───────────────▶ its answer
      └─ a change ─ proposed ───▶ an order waits for its confirm ──yes──▶ consumed, carried out

The clerk knows no channel: SMS, USSD and voice come here with the same words.
"""

from __future__ import annotations

from dataclasses import replace

from commands import confirming, hourly, interfaces, proof, random_code, rating, still_open
from commands.actions import ACTIONS, Change, CodeAgain, Query
from commands.counter import Counter, Outcome, Visit
from commands.dialogue import (
    Answered,
    Asked,
    BadPick,
    Dialogue,
    Doubted,
    Lapsed,
    Left,
    Misformed,
    Step,
    Typed,
    Understood,
    Unknown,
    Which,
)
from commands.doing import accepted, done, not_to_be_had, reminders
from commands.errands import AT_THE_BOSS
from commands.offers import NO_OFFERS, Offers, answered, slot
from commands.parameters import Kind
from commands.ports import Hall
from commands.register import Register
from commands.vocabulary import (
    Argument,
    Arguments,
    Channel,
    Confirm,
    Level,
    Refusal,
    Reply,
    Request,
    Secret,
    Spec,
    has_secret,
)

# Of what is typed into a step and refused: this may be typed again …
AGAIN = {"auth.pw_wrong", "auth.pw_shape", "auth.otp_wrong", "auth.otp_shape"}
# … and so may a parameter, but for this.
FINAL = {"auth.id_locked", "sv.err.status", "sys.own_phone"}
RETYPED = ("pw.rule.", "pw.mismatch")  # refusals that say: enter it again


class Clerk:
    def __init__(self, register: Register, offers: Offers = NO_OFFERS) -> None:
        self._register = register
        self._offers = offers

    def serve(self, said: Understood, visit: Visit, dialogue: Dialogue, hall: Hall) -> Outcome:
        """One step. Never raises for anything a subscriber can say."""
        before = dialogue.alive(visit.now)
        here = Counter(self._register, visit, before, hall)
        try:
            interfaces.known(visit.interface, visit.operator, self._register.registry)
        except Refusal as refusal:
            return here.said("origin", "refused", refusal.reply)
        outcome = _too_many(here, said) or _with_second_wish(here, said, _step(here, said))
        tips = _tips(here, said, outcome, before)
        later = rating.asked_for(here, outcome) if outcome.changed else ()
        answered(here, outcome, self._offers)
        offer = slot(here, said, outcome, self._offers)
        if not (tips or later or offer):
            return outcome
        return replace(outcome, replies=(*outcome.replies, *tips), later=later, offer=offer)


def _tips(here: Counter, said: Understood, outcome: Outcome, before: Dialogue) -> list[Reply]:
    """What is added to an answer because of how it was asked for, and of what is open besides."""
    tips: list[Reply] = []
    if isinstance(said, Asked) and said.guessed and outcome.result == "ok":
        facts = {"name": said.spec.name, "code": here.register.code_of(said.spec)}
        tips.append(Reply("help.guessed", facts))
    if here.visit.channel is Channel.SMS and outcome.replies:
        if not before.empty:
            tips += still_open.told(here, said, outcome, before)
        if _carries_secret(here, said):
            tips.append(Reply("auth.delete_tip"))
    return tips


def _too_many(here: Counter, said: Understood) -> Outcome | None:
    told = hourly.turned_away(here.visit, hourly.matter_of(said), here.hall)
    if told is None:
        return None
    action = said.spec.action if isinstance(said, Asked) else "unknown"
    return here.said(action, "limited", *told)


def _with_second_wish(here: Counter, said: Understood, outcome: Outcome) -> Outcome:
    """The first wish is answered, the second proposed; not where the answer opens a list itself."""
    if not isinstance(said, Asked) or not said.also or outcome.result != "ok":
        return outcome
    if outcome.dialogue.choice is not None and any(reply.opens for reply in outcome.replies):
        return outcome
    here.dialogue = outcome.dialogue
    here.offer(tuple(code for code, _ in said.also))
    also = Reply("help.also", {"names": [spec.name for _, spec in said.also]})
    return replace(outcome, replies=(*outcome.replies, also), dialogue=here.dialogue)


def _step(here: Counter, said: Understood) -> Outcome:
    match said:
        case Asked():
            return _asked(here, said)
        case Answered():
            return confirming.answered(here, said)
        case Doubted(pending):
            return confirming.ask_again(here, pending)
        case Left() | Lapsed():
            return still_open.left(here, said)
        case Typed():
            return _typed(here, said)
        case Misformed(spec) if spec.unavailable:
            return here.said(spec.action, "refused", not_to_be_had(spec).reply)
        case Misformed():
            return _misformed(here, said)
        case BadPick(number):
            return _bad_pick(here, number)
        case Which(pending):
            return confirming.which(here, pending)
        case Unknown():
            return _unknown(here, said)


def _misformed(here: Counter, said: Misformed) -> Outcome:
    """How it is written; and, where it can be had step by step, the first question."""
    spec = said.spec
    form = Reply(said.text, {"format": spec.format, "example": spec.example})
    if spec.steps and said.text == "help.format":
        outcome = _asked(here, Asked(spec, {}))
        if outcome.result == "asked":
            return replace(outcome, replies=(form, *outcome.replies))
    return here.said(spec.action, "misformed", form)


def _bad_pick(here: Counter, number: str) -> Outcome:
    choice = here.dialogue.choice
    if choice is None or not choice.items:
        return here.said("pick", "expired", Reply("list.expired"))
    return here.said("pick", "misformed", Reply("un.bad_no", {"number": number}))


def _carries_secret(here: Counter, said: Understood) -> bool:
    match said:
        case Asked(_, args):
            return has_secret(args.values())
        case Typed(step):  # a random code is worth nothing any more
            return step.wants != "code" and proof.kind_of(step.wants, here.register).secret
        case _:
            return False


# -- a command -----------------------------------------------------------------------------------


def _asked(here: Counter, said: Asked) -> Outcome:
    spec = said.spec
    # a call that shows no number is about the one whose password was right
    subject = str(said.args.get("subject", here.visit.phone or here.visit.proved))
    if isinstance(ACTIONS[spec.action], CodeAgain):
        return _sent_again(here)
    if not (spec.reads_only and _stays_open(here)):
        here.wait_for(None)
    request = here.request(spec, subject, said.args, proof.standing(here, subject))
    try:
        return _prove(here, request)
    except Refusal as refusal:
        return here.said(spec.action, "refused", refusal.reply)


def _stays_open(here: Counter) -> bool:
    """A question in between leaves open what was asked, as it leaves a confirm; a menu has only
    one thing open at a time, but for a code that is on its way to the phone."""
    return here.visit.channel is Channel.SMS or proof.waits_for_code(here)


def _sent_again(here: Counter) -> Outcome:
    try:
        return random_code.again(here)
    except Refusal as refusal:
        return here.said("otp.send", "refused", refusal.reply)


def _prove(here: Counter, request: Request) -> Outcome:
    """On to the effect if the proof is enough; else ask for it. Raises Refusal."""
    if request.spec.unavailable:
        raise not_to_be_had(request.spec)
    if request.channel not in request.spec.channels:
        raise Refusal("sys.channel", {"name": request.spec.name})
    interface = here.register.registry[request.interface]
    zone = here.hall.catalogue.zone
    interfaces.admit(interface, request.spec, here.hall.settings, request.now, zone)
    if not request.subject and not proof.anybody(here, request):
        return proof.ask_number(here, request)
    listed, needed = proof.needed(here, request)
    if request.level < min(needed, Level.A2):
        proven = proof.by_password(here, request)
        if proven is None:
            return proof.ask_password(here, request, raised=needed > listed and request.own)
        request, here.proved = proven, request.subject
    action = ACTIONS[request.spec.action]
    if isinstance(action, Change) and action.allowed is not None:
        action.allowed(request, here.hall)
    if request.level < needed:
        if "code" not in request.args:
            return random_code.ask(here, request)
        request = random_code.check(request, here.hall)
    return _perform(here, request)


def _typed(here: Counter, said: Typed) -> Outcome:
    """What a step was waiting for. A wrong entry may be typed again; a lock ends the dialogue."""
    step = said.step
    spec = here.register.spec(step.action, step.args)
    value = _entered(here, said)
    if value is None:  # digits where a name was asked for
        wrong = [Reply("step.wrong")] if here.visit.channel is Channel.SMS else []  # a menu says it
        return here.said(spec.action, "misformed", *wrong, _asking(spec, step.wants))
    args: Arguments = {**step.args, step.wants: value}
    subject, level = step.subject, step.level
    if step.wants == proof.NUMBER:
        subject = str(value)
        level = proof.standing(here, subject)
    request = here.request(spec, subject, args, level)
    try:
        _check(here, request, step)
    except Refusal as refusal:
        here.wait_for(None if refusal.reply.text in FINAL else step)
        return here.said(spec.action, "refused", refusal.reply)
    here.wait_for(None)
    try:
        return _prove(here, request)
    except Refusal as refusal:
        if refusal.reply.text in AGAIN:
            here.wait_for(step)
        return here.said(spec.action, "refused", refusal.reply)


def _entered(here: Counter, said: Typed) -> Argument | None:
    """Whether it has the right shape; a password, a code or what the action itself checks is told
    what is wrong with it later."""
    step, action = said.step, ACTIONS[said.step.action]
    kind = proof.kind_of(step.wants, here.register)
    checked = isinstance(action, Change) and step.wants in action.checks
    value = kind.clean(said.value.reveal())
    if kind is Kind.PASSWORD or (kind.secret and checked):
        return said.value
    if value is None or not kind.secret:
        return value
    return Secret(value)


def _check(here: Counter, request: Request, step: Step) -> None:
    """Say at once what is wrong with a parameter, not after the last one. Raises Refusal."""
    action = ACTIONS[request.spec.action]
    if isinstance(action, Change) and step.wants in action.checks:
        action.checks[step.wants](request, here.hall)


def _check_what_came_along(here: Counter, request: Request) -> None:
    """Before the next is asked for: from then on only a mark of a secret is kept. Raises
    Refusal."""
    action = ACTIONS[request.spec.action]
    for name, check in action.checks.items() if isinstance(action, Change) else ():
        if isinstance(request.args.get(name), Secret):
            check(request, here.hall)


def _perform(here: Counter, request: Request) -> Outcome:
    """The proof is enough: ask for what is missing, answer, propose, or do. Raises Refusal."""
    spec = request.spec
    missing = next((name for name in spec.steps if name not in request.args), None)
    if missing is not None:
        _check_what_came_along(here, request)
        proof.wait_for(here, missing, request)
        return here.said(spec.action, "asked", _asking(spec, missing))
    action = ACTIONS[spec.action]
    if isinstance(action, Query):
        if here.hall.errands is not None and spec.action in AT_THE_BOSS:
            return accepted(here, request, here.hall.errands)
        return _answered(here, request, action.run(request, here.hall))
    assert isinstance(action, Change)  # a code sent again never comes as far as this
    if spec.confirm is Confirm.NONE or action.propose is None:
        try:
            return done(here, action, request)
        except Refusal as refusal:
            if refusal.reply.text.startswith(RETYPED):
                _ask_again(here, request)
            raise
    return confirming.propose(here, request, action)


def _ask_again(here: Counter, request: Request) -> None:
    """What was sent in one message is asked for step by step from the new password on; a
    certificate that was right need not be sent again."""
    steps = request.spec.steps
    first = steps.index("new")
    proven = {n: value for n, value in request.args.items() if n not in steps[first:]}
    proof.wait_for(here, "new", replace(request, args=proven))


def _answered(here: Counter, request: Request, answer: Reply | tuple[Reply, ...]) -> Outcome:
    replies = answer if isinstance(answer, tuple) else (answer,)
    for reply in replies:
        if reply.opens:
            here.offer(reply.opens, several=reply.several)
    return here.said(request.spec.action, "ok", *replies, *reminders(request, here.hall))


def _asking(spec: Spec, wants: str) -> Reply:
    text = proof.ASKS_NUMBER if wants == proof.NUMBER else spec.asks[wants]
    return Reply(text, {"name": spec.name})


# -- not understood ------------------------------------------------------------------------------


def _unknown(here: Counter, said: Unknown) -> Outcome:
    here.offer(tuple(code for code, _ in said.suggestions))
    names = [spec.name for _, spec in said.suggestions]
    text = {0: "help.lost", 1: "help.meant"}.get(len(names), "help.unknown")
    return here.said("unknown", "unknown", Reply(text, {"text": said.text, "names": names}))
