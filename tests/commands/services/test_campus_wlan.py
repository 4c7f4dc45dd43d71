"""Stories of ordering and cancelling campus WLAN: nothing happens without the right word."""

from __future__ import annotations

import pytest

from commands.dispatch.command_kinds import ChangeCommand
from commands.dispatch.command_table import ACTIONS
from commands.model.accounts import NumberState
from commands.model.request import SELF_SERVICE, AuthLevel, Channel, Refusal, Request
from commands.services import order_service
from menus.model.text_size import on_ussd
from tests.commands.fakes import NEXT_MONTH, NOW, HallWorld, own_conf, world
from tests.commands.phone import Phone

ORDINARY, STUDENT = "13800138001", "13800138005"


def test_an_order_holds_after_its_second_confirmation(hall: HallWorld) -> None:
    """The price is shown first; 是 opens it at once and charges the whole month."""
    phone = Phone(hall, ORDINARY)
    shown = phone.sends("KTEDU40")
    assert "校园WLAN 40小时,10元/月" in shown
    assert "立即生效" in shown
    assert hall.running(ORDINARY) == ["LDXS"]
    assert hall.account(ORDINARY).balance_fen == 5680
    assert "校园WLAN 40小时已开通,10元/月" in phone.sends("是")
    assert hall.running(ORDINARY) == ["LDXS", "EDU40"]
    assert hall.account(ORDINARY).balance_fen == 4680
    assert hall.account(ORDINARY).used_fen == 8120


@pytest.mark.parametrize("word", ["Y", "1", "好", "不要", "N", "0", "是的"])
def test_any_other_word_orders_nothing(hall: HallWorld, word: str) -> None:
    """And says so."""
    phone = Phone(hall, ORDINARY)
    phone.sends("KTEDU40")
    phone.sends(word)
    assert phone.texts == ["sv.not_ordered"]
    assert hall.running(ORDINARY) == ["LDXS"]
    phone.sends("是")
    assert hall.running(ORDINARY) == ["LDXS"]


def test_a_day_later_the_yes_is_too_late(hall: HallWorld) -> None:
    """Twenty-four hours, then it has to be sent again."""
    phone = Phone(hall, ORDINARY)
    phone.sends("KTEDU40")
    phone.now += 24 * 3600
    phone.sends("是")
    assert phone.texts == ["sv.expired"]
    assert hall.running(ORDINARY) == ["LDXS"]


def test_a_question_in_between_leaves_the_order_waiting(hall: HallWorld) -> None:
    """The balance is told, and then 是 orders."""
    phone = Phone(hall, ORDINARY)
    phone.sends("KTEDU40")
    phone.sends("YE")
    phone.sends("是")
    assert hall.running(ORDINARY) == ["LDXS", "EDU40"]


def test_another_size_takes_the_place_of_the_first(hall: HallWorld) -> None:
    """Only after its owner has agreed to give the old one up."""
    phone = Phone(hall, ORDINARY)
    for text in ("KTEDU40", "是"):
        phone.sends(text)
    shown = phone.sends("KTEDU100")
    assert "与您已订的校园WLAN 40小时不能同时使用" in shown
    assert "20元/月" in shown
    assert hall.running(ORDINARY) == ["LDXS", "EDU40"]
    assert "校园WLAN 40小时已取消" in phone.sends("是")
    assert hall.running(ORDINARY) == ["LDXS", "EDU100"]
    assert [charge[1:3] for charge in hall.accounts.charges] == [(1000, "EDU40"), (2000, "EDU100")]


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [
        ("13800138002", "sv.confirm", "10元"),
        ("13800138004", "sv.err.status", "欠费停机"),
        ("13800138007", "sv.err.black", "10086"),
        ("13800138008", "sv.err.status", "报停"),
    ],
)
def test_who_may_order(hall: HallWorld, number: str, text: str, said: str) -> None:
    """Numbers in service that are not on the black list."""
    phone = Phone(hall, number)
    assert said in phone.sends("KTEDU40")
    assert phone.texts == [text]


def test_who_is_not_real_named_gives_the_password_first(hall: HallWorld) -> None:
    """Three yuan are not enough in the end."""
    phone = Phone(hall, "13800138003")
    phone.sends("KTEDU40")
    assert phone.texts == ["auth.not_realname"]
    phone.sends("580317")
    assert phone.texts[0] == "sv.err.balance"


@pytest.mark.parametrize(
    "state", [state for state in NumberState if state is not NumberState.NORMAL]
)
def test_a_number_that_is_stopped_since_the_proposal_orders_nothing(
    hall: HallWorld, state: NumberState
) -> None:
    """Everything is looked at again when the yes comes."""
    phone = Phone(hall, ORDINARY)
    phone.sends("KTEDU40")
    hall.alter(ORDINARY, state=state)
    phone.sends("是")
    assert phone.texts == ["sv.err.status"]
    assert hall.running(ORDINARY) == ["LDXS"]
    assert hall.accounts.charges == []


def test_prepaid_must_have_the_fee_and_postpaid_need_not(hall: HallWorld) -> None:
    """To the fen."""
    phone = Phone(hall, ORDINARY)
    hall.alter(ORDINARY, balance_fen=999)
    phone.sends("KTEDU40")
    assert phone.texts == ["sv.err.balance"]
    hall.alter(ORDINARY, balance_fen=1000)
    phone.sends("KTEDU40")
    assert phone.texts == ["sv.confirm"]
    hall.alter(ORDINARY, balance_fen=0, prepaid=False)
    for text in ("KTEDU40", "是"):
        phone.sends(text)
    assert hall.account(ORDINARY).balance_fen == -1000


def test_what_is_there_cannot_be_ordered_again(hall: HallWorld) -> None:
    """Nor what was cancelled but goes on to the end of the month."""
    phone = Phone(hall, ORDINARY)
    for text in ("KTEDU40", "是", "KTEDU40"):
        phone.sends(text)
    assert phone.texts == ["sv.err.have"]
    for text in ("QXEDU", "Y", "KTEDU40"):
        phone.sends(text)
    assert phone.texts == ["sv.err.ending"]


def test_a_cancelled_service_goes_on_until_the_month_ends(hall: HallWorld) -> None:
    """Once; there is nothing to cancel then."""
    phone = Phone(hall, ORDINARY)
    for text in ("KTEDU250", "是"):
        phone.sends(text)
    assert "校园WLAN 250小时(40元/月)" in phone.sends("QXEDU")
    assert hall.services.of(ORDINARY, NOW)[-1].until == 0
    assert "12月1日起不再收费" in phone.sends("Y")
    assert hall.running(ORDINARY, NEXT_MONTH - 1) == ["LDXS", "EDU250"]
    assert hall.running(ORDINARY, NEXT_MONTH) == ["LDXS"]
    phone.sends("QXEDU")
    assert phone.texts == ["sv.err.ending"]
    phone.now = NEXT_MONTH
    phone.sends("QXEDU")
    assert phone.texts == ["sv.err.nohave"]


def test_a_size_that_is_ending_gives_way_at_once_to_a_new_one(hall: HallWorld) -> None:
    """They cannot be had beside each other, not even until the month ends."""
    phone = Phone(hall, ORDINARY)
    for text in ("KTEDU40", "是", "QXEDU", "Y", "KTEDU100", "是"):
        phone.sends(text)
    assert hall.running(ORDINARY) == ["LDXS", "EDU100"]


# -- what was agreed to ----------------------------------------------------------------------------


def a_request(**args: str) -> Request:
    spec = own_conf().register.spec("sv.order")
    return Request(1, NOW, Channel.SMS, "10", ORDINARY, ORDINARY, spec, args, AuthLevel.A1)


def test_the_terms_of_an_order_are_its_price_and_what_it_replaces(hall: HallWorld) -> None:
    """They are kept with it."""
    hall.services.open(ORDINARY, "EDU40", NOW, 1)
    terms = order_service.terms(a_request(service="EDU100"), hall.hall())
    assert terms == {"fee": "2000", "replaces": "EDU40"}


@pytest.mark.parametrize(
    "terms", [{"fee": "1999", "replaces": ""}, {"fee": "2000", "replaces": "X"}]
)
def test_an_order_is_not_carried_out_on_other_terms(hall: HallWorld, terms: dict[str, str]) -> None:
    """Prices may change, and services may be ordered by another way in between."""
    order = ACTIONS["sv.order"]
    assert isinstance(order, ChangeCommand)
    request = a_request(service="EDU100", **terms)
    with pytest.raises(Refusal) as refused:
        order.carry_out(request, hall.hall())
    assert refused.value.reply.text == "sv.err.changed"
    assert hall.accounts.charges == []
    assert hall.running(ORDINARY) == ["LDXS"]


def test_a_service_that_is_no_longer_sold_is_refused(hall: HallWorld) -> None:
    """The order may be older than the catalogue."""
    with pytest.raises(Refusal) as refused:
        order_service.propose(a_request(service="EDU9"), hall.hall())
    assert refused.value.reply.text == "sv.err.gone"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("channel", list(SELF_SERVICE))
@pytest.mark.parametrize("text", ["KTEDU40", "KTEDU100", "KTEDU250", "ZF#EDU40"])
def test_where_it_stops_is_told_before_it_is_ordered(
    text: str, channel: Channel, language: str
) -> None:
    """At 40 GB, on whatever channel."""
    hall = world()
    hall.alter(STUDENT, language=language)
    interface = {Channel.SMS: "10", Channel.USSD: "18", Channel.VOICE: "15"}[channel]
    phone = Phone(hall, STUDENT, channel=channel, interface=interface)
    said = phone.sends(text)
    if phone.texts == ["auth.ask_pw"]:
        said = phone.sends("615283")
    assert "40GB" in said.replace("40 GB", "40GB")
    if channel is Channel.USSD and not text.startswith("ZF"):  # a price and its yes on one screen
        keys = "\n1确认\n0放弃" if language == "zh" else "\n1 Confirm\n0 Give up"
        assert on_ussd(said + keys).fits
