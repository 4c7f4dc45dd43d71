"""What proves at another interface that the subscriber wants it, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.dispatch.dispatcher import Dispatcher
from commands.model.command_register import CommandRegister
from commands.model.daily_hours import daily_hours
from commands.model.dialogue import NO_DIALOGUE
from commands.model.interfaces import DoorProof, Interface
from commands.model.request import Argument, Channel, Secret
from commands.model.turn import TurnContext, TurnOutcome
from commands.parser.named_parameters import by_name
from tariffs.bilingual_name import BilingualName
from tests.commands.fakes import NOW, HallWorld, own_conf, world

ME, UNNAMED = "13800138001", "13800138003"
PASSWORDS = {ME: "739204", UNNAMED: "580317"}
GIVEN, CODE, PHONE = DoorProof.GIVEN, DoorProof.CODE, DoorProof.PHONE
NOON = NOW - (NOW + 8 * 3600) % 86400 + 12 * 3600


@pytest.fixture
def hall() -> HallWorld:
    made = world()
    made.random.draws += ["482913", "573024"]
    return made


def at(kind: str, **more: object) -> Interface:
    return Interface("77", kind, BilingualName("测试", "test"), **more)  # type: ignore[arg-type]


def registered(interface: Interface) -> CommandRegister:
    register = own_conf().register
    return replace(register, registry={**register.registry, interface.number: interface})


def asked(
    hall: HallWorld,
    action: str,
    interface: Interface | None = None,
    proof: DoorProof = GIVEN,
    number: str = ME,
    parameters: dict[str, str] | None = None,
    now: int = NOON,
    **typed: str,
) -> TurnOutcome:
    interface = interface or at("web")
    register = registered(interface)
    said = by_name(action, parameters or {}, register)
    args: dict[str, Argument] = {**said.args, **{n: Secret(v) for n, v in typed.items()}}
    if interface.group:
        args["group"] = interface.group
    context = TurnContext(
        now, now, Channel.DOOR, interface.number, number, asserted=False, proof=proof
    )
    return Dispatcher(register).serve(replace(said, args=args), context, NO_DIALOGUE, hall.hall())


def said(outcome: TurnOutcome) -> tuple[str, str]:
    return outcome.result, outcome.replies[0].text


def code_in(outcome: TurnOutcome) -> str:
    (sent,) = [reply for reply in outcome.replies if reply.to]
    code = sent.facts["code"]
    assert isinstance(code, Secret)
    return code.reveal()


def test_a_partners_word_for_who_stands_there_is_none(hall: HallWorld) -> None:
    """Not even for what anybody may ask from his own phone."""
    outcome = asked(hall, "q.balance")
    assert said(outcome) == ("asked", "auth.ask_pw")
    assert said(asked(hall, "consent.off")) == ("refused", "sys.own_phone")


def test_a_password_or_a_code_shows_a_balance(hall: HallWorld) -> None:
    assert asked(hall, "q.balance", password=PASSWORDS[ME]).result == "ok"
    sent = asked(hall, "q.balance", proof=CODE)
    assert said(sent) == ("asked", "door.ask_otp")
    assert asked(hall, "q.balance", code=code_in(sent)).result == "ok"
    assert said(asked(hall, "q.balance", code=code_in(sent)))[1] == "auth.otp_none"


def test_the_phone_alone_is_not_enough_for_a_number_that_is_not_real_named(
    hall: HallWorld,
) -> None:
    sent = asked(hall, "q.balance", proof=CODE, number=UNNAMED)
    outcome = asked(hall, "q.balance", number=UNNAMED, code=code_in(sent))
    assert said(outcome) == ("asked", "auth.ask_pw")


def test_a_wish_needs_the_phone(hall: HallWorld) -> None:
    """A code is one's own phone, as everywhere."""
    sent = asked(hall, "consent.off", proof=CODE)
    assert asked(hall, "consent.off", code=code_in(sent)).result == "ok"


def test_a_wrong_password_is_counted_where_nothing_need_be_proven(hall: HallWorld) -> None:
    card = {"card": "860000000000000001"}
    for left in (2, 1):
        outcome = asked(hall, "rc.self", at("bank"), parameters=card, password="918273")
        assert outcome.replies[0].facts["left"] == left
    outcome = asked(hall, "rc.self", at("bank"), parameters=card, password="918273")
    assert said(outcome) == ("refused", "auth.pw_locked")


def test_by_phone_only_what_can_be_proposed(hall: HallWorld) -> None:
    assert said(asked(hall, "q.balance", proof=PHONE)) == ("refused", "door.no_confirm")
    order = asked(hall, "sv.order.data", proof=PHONE, parameters={"service": "LL30"})
    assert said(order) == ("asked", "sv.confirm")
    plan = asked(hall, "sv.plan_change", proof=PHONE, parameters={"plan": "QQT88"})
    assert said(plan) == ("asked", "auth.ask_pw")  # A2 is A2


def test_each_kind_has_its_column(hall: HallWorld) -> None:
    order = {"service": "LL30"}
    for kind in ("bank", "group"):
        outcome = asked(hall, "sv.order.data", at(kind), parameters=order)
        assert said(outcome) == ("refused", "sys.channel")
    narrow = at("web", operations=frozenset({"query"}))
    outcome = asked(hall, "sv.order.data", narrow, parameters=order, password=PASSWORDS[ME])
    assert said(outcome) == ("refused", "sys.channel")


def test_hours_hold_but_for_what_is_open_day_and_night(hall: HallWorld) -> None:
    shut = at("web", hours=daily_hours("13:00-14:00"))
    outcome = asked(hall, "q.balance", shut, password=PASSWORDS[ME])
    assert said(outcome) == ("refused", "sys.window")
    assert asked(hall, "st.suspend", shut, password=PASSWORDS[ME]).result == "asked"


def test_codes_are_sent_to_nobody_who_is_none(hall: HallWorld) -> None:
    """And whoever asks for one cannot tell."""
    known = asked(hall, "q.balance", proof=CODE)
    unknown = asked(hall, "q.balance", proof=CODE, number="13911112222")
    assert said(known) == said(unknown)
    assert [reply for reply in unknown.replies if reply.to] == []
