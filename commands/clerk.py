"""The clerk at the counter: takes what was understood through proof, confirm and effect.

    asked ── proof enough? ──no──▶ a step waits for the password ──typed──┐
      │ yes  ◀───────────────────────────────────────────────────────────┘
      ├─ a query ───────────────▶ its answer
      └─ a change ─ proposed ───▶ an order waits for its confirm ──yes──▶ consumed, carried out

The clerk knows no channel: SMS, USSD and voice come here with the same words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from commands import authority
from commands.actions import ACTIONS, Change, Query
from commands.dialogue import (
    Answered,
    Asked,
    BadPick,
    Choice,
    Dialogue,
    Misformed,
    Pending,
    Step,
    Typed,
    Understood,
    Unknown,
    Which,
)
from commands.ports import Hall, Order
from commands.register import Register
from commands.vocabulary import (
    Arguments,
    Channel,
    Confirm,
    Level,
    Refusal,
    Reply,
    Request,
    Secret,
    Spec,
)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at the door: which message, when, by which channel and interface, from which
    phone."""

    id: int
    now: int
    channel: Channel
    interface: str
    phone: str
    asserted: bool = True  # the network vouches for the number


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said, and where the subscriber stands now. No replies: silence."""

    replies: tuple[Reply, ...]
    dialogue: Dialogue
    action: str  # for the journal and the counters: what it was about
    result: str  # ok, asked, refused, declined, unknown …
    proposed: int = 0  # the order whose confirm text is being shown: the text is kept as consent
    changed: bool = False  # something took effect


class Clerk:
    def __init__(self, register: Register) -> None:
        self._register = register

    def serve(self, said: Understood, visit: Visit, dialogue: Dialogue, hall: Hall) -> Outcome:
        """One step. Never raises for anything a subscriber can say."""
        here = _Counter(self._register, visit, dialogue.alive(visit.now), hall)
        outcome = self._step(here, said)
        if visit.channel is Channel.SMS and outcome.replies and _carries_secret(said):
            return replace(outcome, replies=(*outcome.replies, Reply("auth.delete_tip")))
        return outcome

    def _step(self, here: _Counter, said: Understood) -> Outcome:
        match said:
            case Asked():
                return here.asked(said)
            case Answered():
                return here.answered(said)
            case Typed():
                return here.typed(said)
            case Misformed(spec):
                facts = {"format": spec.format, "example": spec.example}
                return here.said(spec.action, "misformed", Reply("help.format", facts))
            case BadPick(number):
                return here.said("pick", "misformed", Reply("un.bad_no", {"number": number}))
            case Which(pending):
                return here.which(pending)
            case Unknown():
                return here.unknown(said)


@dataclass(slots=True)
class _Counter:
    """One visit at the counter."""

    register: Register
    visit: Visit
    dialogue: Dialogue
    hall: Hall

    def said(self, action: str, result: str, *replies: Reply) -> Outcome:
        return Outcome(replies, self.dialogue, action, result)

    # -- a command -------------------------------------------------------------------------------

    def asked(self, said: Asked) -> Outcome:
        spec = said.spec
        if spec.reads_only and (turned_away := self._too_many(spec)):
            return turned_away
        if said.guessed and not spec.reads_only and spec.confirm is Confirm.NONE:
            return self.unknown(Unknown(spec.name, ((self.register.code_of(spec), spec),)))
        subject = str(said.args.get("subject", self.visit.phone))
        self._end_step()
        return self._attend(self._request(spec, subject, said.args, self._standing(subject)))

    def _standing(self, subject: str) -> Level:
        """What is proven without a word: the network vouches for a phone that is registered."""
        visit = self.visit
        if not visit.asserted or subject != visit.phone:
            return Level.A0
        account = self.hall.accounts.find(subject)
        return Level.A1 if account is not None and account.real_named else Level.A0

    def _too_many(self, spec: Spec) -> Outcome | None:
        verdict = self.hall.quota.take(self.visit.phone, self.visit.now)
        if verdict.allowed:
            return None
        if verdict.tell:
            return self.said(
                spec.action, "limited", Reply("help.many", {"minutes": verdict.minutes})
            )
        return self.said(spec.action, "limited")

    def _request(self, spec: Spec, subject: str, args: Arguments, level: Level) -> Request:
        visit = self.visit
        return Request(
            visit.id, visit.now, visit.channel, visit.interface, visit.phone, subject, spec, args,
            level, asserted=visit.asserted,
        )  # fmt: skip

    def _attend(self, request: Request) -> Outcome:
        """Everything between a command and its answer; a refusal anywhere ends it."""
        try:
            return self._prove(request)
        except Refusal as refusal:
            return self.said(request.spec.action, "refused", refusal.reply)

    # -- proof -----------------------------------------------------------------------------------

    def _prove(self, request: Request) -> Outcome:
        spec = request.spec
        if request.channel not in spec.channels:
            raise Refusal("sys.channel", {"name": spec.name})
        listed = self.register.level(spec.operation, request.channel)
        if listed is Level.A0:
            return self._perform(request, ())
        account = self.hall.accounts.find(request.subject)
        if account is None:
            raise Refusal("sys.no_account", {"number": request.subject})
        needed = authority.demanded(request, account, listed)
        if request.level >= needed:
            return self._perform(request, ())
        return self._ask_proof(request, raised=needed > listed)

    def _ask_proof(self, request: Request, *, raised: bool) -> Outcome:
        for name in PROOFS:
            password = request.args.get(name)
            if isinstance(password, Secret):
                return self._with_password(request, password)
        if request.phone != request.subject:
            raise Refusal("q.refuse.nopw")
        self._wait_for("password", request)
        text = "auth.not_realname" if raised else request.spec.asks.get("password", "auth.ask_pw")
        return self.said(request.spec.action, "asked", Reply(text, {"name": request.spec.name}))

    def _with_password(self, request: Request, password: Secret) -> Outcome:
        authority.check_password(request.subject, password, self.hall, request.now)
        proven = replace(request, level=max(request.level, Level.A2))
        return self._perform(proven, authority.reminders(request.subject, self.hall))

    # -- the rest of the parameters, one by one --------------------------------------------------

    def _wait_for(self, wants: str, request: Request) -> None:
        """The next message is taken as `wants`. Secrets gathered so far are kept as marks only."""
        kept = {name: self._mark(value) for name, value in request.args.items()}
        until = self.visit.now + self.hall.settings.step
        step = Step(request.spec.action, request.subject, wants, request.level, until, kept)
        self.dialogue = replace(self.dialogue, step=step)

    def _mark(self, value: str | Secret) -> str:
        return self.hall.passwords.mark(value) if isinstance(value, Secret) else value

    def typed(self, said: Typed) -> Outcome:
        step = said.step
        spec = self.register.spec(step.action)
        args: Arguments = {**step.args, step.wants: said.value}
        request = self._request(spec, step.subject, args, step.level)
        try:
            if step.wants not in PROOFS:
                self._check(request, step.wants)
            self._end_step()
            return self._prove(request)
        except Refusal as refusal:
            self._stay(step, refusal)
            return self.said(spec.action, "refused", refusal.reply)

    def _end_step(self) -> None:
        if self.dialogue.step is not None:
            self.dialogue = replace(self.dialogue, step=None)

    def _check(self, request: Request, name: str) -> None:
        action = ACTIONS[request.spec.action]
        if isinstance(action, Change) and name in action.checks:
            action.checks[name](request, self.hall)

    def _stay(self, step: Step, refusal: Refusal) -> None:
        """A wrong entry may be typed again; a lock ends the dialogue."""
        again = refusal.reply.text != "auth.pw_locked"
        self.dialogue = replace(self.dialogue, step=step if again else None)

    # -- effect ----------------------------------------------------------------------------------

    def _perform(self, request: Request, tips: tuple[Reply, ...]) -> Outcome:
        spec = request.spec
        missing = next((name for name in spec.steps if name not in request.args), None)
        if missing is not None:
            self._wait_for(missing, request)
            return self.said(spec.action, "asked", Reply(spec.asks[missing], {"name": spec.name}))
        action = ACTIONS[spec.action]
        if isinstance(action, Query):
            answer = action.run(request, self.hall)
            self._offer(answer)
            return self.said(spec.action, "ok", answer, *tips)
        if spec.confirm is Confirm.NONE or action.propose is None:
            done = self.said(spec.action, "ok", *action.carry_out(request, self.hall), *tips)
            return replace(done, changed=True)
        proposal = action.propose(request, self.hall)
        order = self._order(request)
        outcome = self.said(spec.action, "asked", proposal, *tips)
        return replace(outcome, proposed=order)

    def _offer(self, answer: Reply) -> None:
        """An answer that shows numbers opens a list: the facts name what each number stands for."""
        if items := answer.opens:
            self.dialogue = replace(self.dialogue, choice=self._choice(items))

    def _choice(self, items: tuple[str, ...]) -> Choice:
        return Choice(items, self.visit.now + self.hall.settings.list)

    # -- confirm ---------------------------------------------------------------------------------

    def _order(self, request: Request) -> int:
        """Put the order aside until its confirm. A newer order of the same kind takes the older's
        place."""
        rules, spec = self.hall.settings, request.spec
        wait = rules.confirm_twice if spec.confirm is Confirm.TWICE else rules.confirm_once
        until = request.now + wait
        for older in self.dialogue.pending:
            if older.action == spec.action:
                self.hall.orders.decline(older.order, "", request.now)
        self.hall.orders.propose(
            Order(
                request.id, spec.action, request.phone, request.subject, request.args,
                request.channel, request.interface, int(request.level), request.now, until,
            )
        )  # fmt: skip
        others = tuple(p for p in self.dialogue.pending if p.action != spec.action)
        pending = Pending(request.id, spec.action, spec.confirm, until)
        self.dialogue = replace(self.dialogue, pending=(*others, pending))
        return request.id

    def answered(self, said: Answered) -> Outcome:
        pending = said.pending
        spec = self.register.spec(pending.action)
        left = tuple(p for p in self.dialogue.pending if p.order != pending.order)
        self.dialogue = replace(self.dialogue, pending=left)
        twice = pending.confirm is Confirm.TWICE
        facts = {"name": spec.name, "code": self.register.code_of(spec)}
        if pending.until <= self.visit.now:
            self.hall.orders.decline(pending.order, said.word, self.visit.now)
            return self.said(
                spec.action, "expired", Reply("sv.expired" if twice else "confirm.expired", facts)
            )
        if not said.yes:
            self.hall.orders.decline(pending.order, said.word, self.visit.now)
            return self.said(
                spec.action,
                "declined",
                Reply("sv.not_ordered" if twice else "confirm.dropped", facts),
            )
        order = self.hall.orders.consume(pending.order, said.word, self.visit.now)
        if order is None:
            return self.said(spec.action, "gone", Reply("confirm.gone", facts))
        return self._carry_out(order, spec)

    def _carry_out(self, order: Order, spec: Spec) -> Outcome:
        """The order executes as it was placed: its own number, parameters, channel and proof."""
        request = Request(
            order.id, self.visit.now, order.channel, order.interface, order.phone, order.subject,
            spec, order.args, Level(order.level),
        )  # fmt: skip
        action = ACTIONS[spec.action]
        assert isinstance(action, Change)  # only changes are ever proposed
        try:
            done = self.said(spec.action, "ok", *action.carry_out(request, self.hall))
            return replace(done, changed=True)
        except Refusal as refusal:
            return self.said(spec.action, "refused", refusal.reply)

    def which(self, pending: tuple[Pending, ...]) -> Outcome:
        names = [self.register.spec(p.action).name for p in pending]
        items = tuple(f"{YES}#{p.order}" for p in pending)
        self.dialogue = replace(self.dialogue, choice=self._choice(items))
        return self.said("confirm", "asked", Reply("confirm.which", {"names": names}))

    # -- not understood --------------------------------------------------------------------------

    def unknown(self, said: Unknown) -> Outcome:
        items = tuple(code for code, _ in said.suggestions)
        self.dialogue = replace(self.dialogue, choice=self._choice(items) if items else None)
        names = [spec.name for _, spec in said.suggestions]
        text = "help.unknown" if names else "help.lost"
        return self.said("unknown", "unknown", Reply(text, {"text": said.text, "names": names}))


YES = "是"
PROOFS = ("password", "old")


def _carries_secret(said: Understood) -> bool:
    match said:
        case Asked(_, args):
            return any(isinstance(value, Secret) for value in args.values())
        case Typed():
            return True
        case _:
            return False
