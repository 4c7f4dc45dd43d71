"""What texts take from the tariff: the price of whoever reads them, now."""

from __future__ import annotations

from dataclasses import replace
from weakref import ref

import pytest

from gateway.config import business
from gateway.wording.tariff_references import (
    TariffTexts,
    all_references,
    depends_on_brand,
    values_of,
)
from tariffs.catalogue import Catalogue
from tests.commands.fakes import OWN_CONF, SIGNATURE


@pytest.fixture(scope="module")
def tariff() -> Catalogue:
    return business.load(OWN_CONF, signature=SIGNATURE, learnt=False).catalogue


def test_what_is_remembered_is_what_the_tariff_says(tariff: Catalogue) -> None:
    """For every brand and language, asked twice; and some price does depend on the brand."""
    texts, every = TariffTexts(), frozenset(all_references(tariff))
    assert any(depends_on_brand(one, tariff) for one in every)
    for _ in range(2):
        for brand in ("", *tariff.brands):
            for language in ("zh", "en"):
                said = texts.of(every, tariff, language, brand)
                assert said == values_of(every, tariff, language, brand)


def test_a_price_that_has_changed_is_said_at_once(tariff: Catalogue) -> None:
    """Another edition is another catalogue, however many there have been."""
    texts, some = TariffTexts(), frozenset({"price:LL10"})
    for fen in range(100, 100 * (texts.MOST + 50), 100):
        dearer = replace(tariff.services["LL10"], fee_fen=fen)
        other = replace(tariff, services={**tariff.services, "LL10": dearer})
        assert texts.of(some, other, "zh")["price:LL10"] == f"{fen // 100}"


def test_what_a_catalogue_says_is_forgotten_with_it(tariff: Catalogue) -> None:
    """A gateway that has served from a hundred editions keeps the prices of none but the last."""
    texts, some = TariffTexts(), frozenset({"price:LL10"})
    other = replace(tariff)
    texts.of(some, other, "zh")
    gone = ref(other)
    del other
    assert gone() is None
