"""The files of conf/tariffs as a catalogue."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.catalogue import EffectiveFrom
from tariffs.rows import fen
from tests.commands.fakes import own_conf


@given(st.integers(min_value=0, max_value=10_000_000))
def test_yuan_with_two_decimals_are_exact_fen(amount: int) -> None:
    """0.29 is 29 fen, though no binary fraction is 0.29."""
    assert fen(float(f"{amount // 100}.{amount % 100:02}")) == amount


@pytest.mark.parametrize("wrong", [-1, 0.001, 12.345, "12", True, None, float("inf"), float("nan")])
def test_what_is_no_amount_is_refused(wrong: object) -> None:
    """Text, fractions of a fen, less than nothing, and the numbers that are none."""
    with pytest.raises(ValueError, match="an amount in yuan"):
        fen(wrong)


@pytest.mark.parametrize(
    ("code", "fee_fen", "voice", "data", "sms", "over_voice"),
    [
        ("QQT58", 5800, 150, 100, 50, 25),
        ("QQT88", 8800, 350, 200, 80, 19),
        ("QQT128", 12800, 600, 400, 100, 19),
        ("QQT188", 18800, 1000, 700, 150, 19),
        ("QQT228", 22800, 1300, 1024, 150, 19),
        ("QQT288", 28800, 1700, 1536, 200, 19),
        ("QQT388", 38800, 2500, 2048, 300, 19),
        ("QQT488", 48800, 3300, 3072, 400, 19),
        ("MZ18", 1800, 30, 60, 100, 10),
        ("MZ28", 2800, 50, 100, 150, 10),
        ("MZ38", 3800, 80, 200, 200, 10),
        ("SZXQS", 0, 0, 0, 0, 39),
        ("SZXDZ", 1000, 50, 30, 30, 15),
        ("SZXQQ", 800, 0, 30, 0, 20),
    ],
)
def test_plans_are_as_published(
    code: str, fee_fen: int, voice: int, data: int, sms: int, over_voice: int
) -> None:
    """The price list, kept apart from the file that it checks."""
    plan = own_conf().catalogue.plans[code]
    included = [plan.includes.get(item, 0) for item in ("voice_min", "data_mb", "sms")]
    assert (plan.fee_fen, *included) == (fee_fen, voice, data, sms)
    assert (plan.over["voice_min"], plan.over["data_mb"], plan.over["sms"]) == (over_voice, 29, 10)


@pytest.mark.parametrize(
    ("code", "fee_fen", "effect"),
    [
        ("EDU40", 1000, EffectiveFrom.AT_ONCE),
        ("EDU100", 2000, EffectiveFrom.AT_ONCE),
        ("EDU250", 4000, EffectiveFrom.AT_ONCE),
        ("LL30", 3000, EffectiveFrom.AT_ONCE),
        ("DX15", 1500, EffectiveFrom.NEXT_MONTH),
        ("CL", 500, EffectiveFrom.AT_ONCE),
        ("YX20", 2000, EffectiveFrom.NEXT_MONTH),
    ],
)
def test_services_are_as_published(code: str, fee_fen: int, effect: EffectiveFrom) -> None:
    """Fee a month, and when an order holds."""
    service = own_conf().catalogue.services[code]
    assert (service.fee_fen, service.effect) == (fee_fen, effect)


def test_caller_display_is_free_where_the_brand_includes_it() -> None:
    """Five yuan for others."""
    display = own_conf().catalogue.services["LDXS"]
    assert [display.fee_for(brand) for brand in ("QQT", "MZ", "SZX")] == [0, 0, 500]
