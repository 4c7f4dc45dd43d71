"""Two machines that answer each other never stop by themselves; the hall does, and people can still
do what protects them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.store.store import Store
from tests.gateway.hall import Office
from tests.gateway.messages import ZHANG

LIMIT = 30
TOLD = "过于频繁"
CAMPUS = "13800138005"


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    return Office(sqlite_store, queries_per_hour=LIMIT)


def answers(office: Office, texts: Sequence[str], times: int, phone: str = ZHANG) -> list[str]:
    """What is said to a machine that says these in turn; the silence is left out."""
    said = [office.hears(text, phone) for text, _ in zip(cycle(texts), range(times), strict=False)]
    return [one for one in said if one]


@pytest.mark.parametrize(
    "texts",
    [
        ["您好,我现在不方便,稍后联系您"],
        ["asdf", "YE"],
        ["MMXG#1", "CZ#1", "CXZD#x"],
        ["CD"],
        ["CD", "1", "9", "77"],
        ["0000", "55"],
        ["ZF#LL30", "CXGSD#13800138000"],
        ["是", "Y", "N", "1"],
        ["谢谢", "话费还有多少"],
        ["CXPUK", "取消"],
    ],
)
def test_what_only_answers_ends(office: Office, texts: list[str]) -> None:
    """Thirty answers and a word that it was too much; then nothing until the hour is over."""
    said = answers(office, texts, 120)
    assert len(said) <= LIMIT + 1 + 12  # a step or a confirm that one of them opened is answered
    assert sum(TOLD in one for one in said) == 1
    office.bag.now += 3600
    assert "56.80" in office.hears("YE")


def test_sixty_alike_get_thirty_answers(office: Office) -> None:
    said = answers(office, ["怎么没有这样的业务呀"], 60)
    assert (len(said), TOLD in said[-1]) == (LIMIT + 1, True)


ECHOES: list[tuple[str, Callable[[str], str]]] = [
    ("as it is", lambda said: said),
    ("as an answer", lambda said: f"回复:{said}"),
    ("its beginning", lambda said: said[:12]),
    ("its words for words", lambda said: said.replace("【中国移动】", "")),
    ("its last code", lambda said: said[-12:-7]),
]


@pytest.mark.parametrize(("how", "echo"), ECHOES, ids=[how for how, _ in ECHOES])
@pytest.mark.parametrize("first", ["YE", "CD", "怎么没有这样的业务", "KTLL10", "TJ", "RG", "0000"])
def test_who_says_what_we_said_is_answered_no_more_in_the_end(
    office: Office, first: str, how: str, echo: Callable[[str], str]
) -> None:
    """However it begins."""
    said, count = office.hears(first), 1
    while said and count < 400:
        said, count = office.hears(echo(said)), count + 1
    assert count < 150


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(
            [
                "YE",
                "CD",
                "1",
                "是",
                "N",
                "KTLL10",
                "QXLL10",
                "TJ",
                "JSYX",
                "KQYX",
                "EN",
                "ZH",
                "RG",
                "0000",
                "2010",
                "501",
                "嗯嗯",
                "TS",
                "没空",
                "CXPUK",
                "YZM",
                "GS#13800138002#000000",
            ]
        ),
        min_size=1,
        max_size=3,
    )
)
def test_no_machine_is_answered_for_ever(office: Office, texts: list[str]) -> None:
    """Whatever it says in turn, codes and all: an hour has an end."""
    office.bag.now += 3600
    said = answers(office, texts, 200)
    assert len(said) <= LIMIT + 30 + 60 + 3 + 10  # letters besides answers, such as codes


@pytest.mark.parametrize("noise", ["怎么没有这样的业务呀", "YE", "CD", "KTLL10", "MMXG#1"])
def test_the_owner_can_still_do_what_protects_him(office: Office, noise: str) -> None:
    """Cancel, decline, and have the phone stopped."""
    answers(office, [noise], 200)
    assert "回复Y确认" in office.hears("TJ#739204")
    assert "已于" in office.hears("Y")


def test_what_waits_for_an_answer_still_gets_it(office: Office) -> None:
    """A confirm, and a password that was asked for."""
    assert "正在订购" in office.hears("KTLL10", CAMPUS)
    answers(office, ["YE"], 60, CAMPUS)
    assert "已开通" in office.hears("是", CAMPUS)
    answers(office, ["YE"], 60)
    assert "6位服务密码" in office.hears("TJ")
    assert answers(office, ["YE", "好的"], 20) == []
    assert "回复Y确认" in office.hears("739204")


def test_without_a_limit_codes_are_free_and_machines_end_all_the_same(
    sqlite_store: Store,
) -> None:
    """limits.queries_per_hour: 0."""
    office = Office(sqlite_store, queries_per_hour=0)
    assert len(answers(office, ["嗯嗯好的"], 1_010)) == 1_001
    assert "56.80" in office.hears("YE")
