"""What campus WLAN costs, minute by minute."""

from __future__ import annotations

import pytest

from tariffs.campus_wlan import month_fee, rests
from tariffs.catalogue import Catalogue
from tests.commands.fakes import own_conf


@pytest.fixture
def catalogue() -> Catalogue:
    return own_conf().catalogue


@pytest.mark.parametrize(
    ("code", "campus_min", "outside_min", "fee_fen"),
    [
        ("EDU40", 2400, 0, 1000),
        ("EDU40", 2401, 0, 1002),
        ("EDU40", 2460, 0, 1120),
        ("EDU40", 0, 100, 1500),
        ("EDU40", 3000, 200, 3200),
        ("EDU40", 0, 9800, 50000),
        ("EDU40", 0, 9801, 50000),
        ("EDU100", 6030, 10, 2110),
        ("EDU250", 15001, 0, 4002),
    ],
)
def test_a_month_costs_its_fee_and_what_lies_beyond_up_to_the_cap(
    catalogue: Catalogue, code: str, campus_min: int, outside_min: int, fee_fen: int
) -> None:
    """Minutes on campus beyond the included ones, and every minute elsewhere, until 500 yuan."""
    service = catalogue.services[code]
    assert service.wlan is not None
    assert month_fee(service, service.wlan, campus_min, outside_min) == fee_fen


def test_the_service_rests_from_forty_gigabytes_on(catalogue: Catalogue) -> None:
    """The limit itself is already too much."""
    rule = catalogue.services["EDU40"].wlan
    assert rule is not None
    assert not rests(rule, 40 * 1024 - 1)
    assert rests(rule, 40 * 1024)
