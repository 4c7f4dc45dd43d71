"""The sample's subscribers and cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.model.accounts import NumberState
from commands.password.password_rules import broken_rule
from gateway.config.checked_yaml import BadFile
from gateway.config.sample import people as sample_people
from gateway.store.sample.invitations import put_invitations
from gateway.store.store import Store
from tests.commands.fakes import NOW, OWN_CONF, own_conf, own_sample
from tests.gateway.hall import Office
from tests.gateway.messages import NOON

PERSONAS = {persona.account.msisdn: persona for persona in own_sample().personas}


@pytest.mark.parametrize(
    ("last", "plan", "state", "balance_fen", "password"),
    [
        (1, "QQT128", NumberState.NORMAL, 5680, "739204"),
        (2, "MZ38", NumberState.NORMAL, 1250, "123456"),
        (3, "SZXDZ", NumberState.NORMAL, 300, "580317"),
        (4, "QQT58", NumberState.ARREARS, -2000, "904671"),
        (5, "MZ38", NumberState.NORMAL, 8800, "615283"),
        (6, "QQT388", NumberState.NORMAL, 86000, "471925"),
        (7, "SZXQS", NumberState.NORMAL, 2000, "362810"),
        (8, "QQT88", NumberState.SUSPENDED, 4000, "258096"),
        (9, "QQT188", NumberState.NORMAL, 13000, "846137"),
        (10, "QQT88", NumberState.NORMAL, 6660, "917350"),
    ],
)
def test_the_ten_are_as_promised(
    last: int, plan: str, state: NumberState, balance_fen: int, password: str
) -> None:
    """Scripts and stories rely on them."""
    persona = PERSONAS[f"138001380{last:02}"]
    account = persona.account
    assert (account.plan, account.state, account.balance_fen) == (plan, state, balance_fen)
    assert persona.password.reveal() == password


def test_what_is_special_about_some_of_them() -> None:
    """Weak, not real-named, in arrears, on a list, with many services."""
    two, three, four, six, seven, nine = (PERSONAS[f"1380013800{n}"] for n in (2, 3, 4, 6, 7, 9))
    assert [p.account.msisdn for p in PERSONAS.values() if p.weak or p.initial] == ["13800138002"]
    assert two.weak
    assert two.initial
    assert not three.account.real_named
    assert three.account.points == 1800
    assert not four.account.prepaid
    assert four.account.past_due_fen == 1200
    assert "red" in six.account.classes
    assert six.certificate.reveal() == "110101198512124474"
    assert "black" in seven.account.classes
    assert len(nine.subscriptions) == 12


def test_the_cards_are_as_promised() -> None:
    """Good ones of 50 and 100 yuan, a used, an expired and a locked one."""
    cards = [(card.secret.reveal()[-1], card.face_fen, card.state) for card in own_sample().cards]
    assert cards == [
        ("1", 5000, "good"),
        ("2", 10000, "good"),
        ("3", 5000, "used"),
        ("4", 5000, "expired"),
        ("5", 5000, "locked"),
    ]


def test_any_number_more_by_a_rule() -> None:
    """The same every time, with a password that breaks no rule."""
    one = sample_people.subscriber(12_345)
    assert one == sample_people.subscriber(12_345)
    assert one.account.msisdn == "13900012345"
    assert (one.account.plan, one.account.balance_fen) == ("QQT88", 2345)
    assert sample_people.shown(12_345) == f"13900012345 {one.password.reveal()}"
    assert sample_people.card(7).secret.reveal() == "870000000000000007"


def test_their_passwords_differ_and_none_is_weak() -> None:
    """Of two thousand neighbours."""
    passwords = [sample_people.subscriber(n).password.reveal() for n in range(2000)]
    assert len(set(passwords)) > 1900
    assert not [p for n, p in enumerate(passwords) if broken_rule(p, str(13_900_000_000 + n), ())]


def test_the_running_bill_adds_up_to_what_is_used(tmp_path: Path) -> None:
    """The same figure for who asks for the bill and for who asks for the balance."""
    path = tmp_path / "personas.yaml"
    text = (OWN_CONF / "sample/personas.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("used: 71.20", "used: 71.30"), "utf-8")
    with pytest.raises(BadFile) as bad:
        sample_people.load(path, own_conf().catalogue)
    (found,) = bad.value.findings
    assert found.what == "the running month's bill is 71.20, not the 71.30 used"


def test_the_past_is_told_from_the_day_of_loading() -> None:
    """Last month's bill is last month's, whenever the sample is loaded."""
    zone = own_conf().catalogue.zone
    past = PERSONAS["13800138001"].past
    months = [month for month, _ in past.at(NOW, zone).lines]
    assert sorted(set(months)) == [202605, 202606, 202607, 202608, 202609, 202610, 202611]
    in_january = past.at(NOW + 60 * 24 * 3600, zone)
    assert {month for month, _ in in_january.lines} >= {202701, 202612, 202607}
    assert max(payment.at for payment in in_january.payments) < NOW + 60 * 24 * 3600
    assert in_january.profile.points_expire_at == 1_830_268_799  # the last second of 2027


def test_what_personas_cannot_have_is_found(tmp_path: Path) -> None:
    """With its line."""
    path = tmp_path / "personas.yaml"
    text = (OWN_CONF / "sample/personas.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("TJBH:", "TJBX:").replace("plan: MZ38", "plan: MZ39", 1), "utf-8")
    with pytest.raises(BadFile) as bad:
        sample_people.load(path, own_conf().catalogue)
    assert {finding.what for finding in bad.value.findings} == {
        "conf/tariffs has no service 'TJBX'",
        "conf/tariffs has no plan 'MZ39'",
    }
    lines = text.splitlines()
    assert {finding.line for finding in bad.value.findings} == {
        next(n for n, line in enumerate(lines, 1) if mark in line)
        for mark in ("TJBH:", "plan: MZ38")
    }


def test_a_group_asks_somebody_in_the_sample(sqlite_store: Store) -> None:
    """However often the sample is loaded, once; and the answer is theirs."""
    office = Office(sqlite_store)
    for _ in range(2):
        put_invitations(sqlite_store, own_sample().personas, int(NOON))
    assert "兴达集团邀请您加入V网,短号6103" in office.hears("JRVW")
    assert "您已加入兴达集团V网" in office.hears("是")
    assert "您已是兴达集团V网成员" in office.hears("JRVW")
