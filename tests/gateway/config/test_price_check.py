"""Amounts in texts: what stands in the tariff is taken from there."""

from __future__ import annotations

import pytest

from gateway.config.price_check import PriceCheck

PRICES = PriceCheck({"LL50": {5_000: "LL50"}}, {"LL50": frozenset({4_500})})


@pytest.mark.parametrize("text", ["LL50 costs 45 yuan from 1 January", "LL50从1月1日起45元"])
def test_what_it_will_cost_is_said_with_the_day(text: str) -> None:
    assert list(PRICES.odd(text)) == []


@pytest.mark.parametrize("text", ["LL50 for 45 yuan", "LL50从1月1日起46元", "LL50从1月1日起50元"])
def test_what_it_does_not_cost_yet_and_what_it_costs_now_is_found(text: str) -> None:
    assert len(list(PRICES.odd(text))) == 1
