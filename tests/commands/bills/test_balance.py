"""YE: how much money is left."""

from __future__ import annotations

import pytest

from tests.commands.fakes import SIGNATURE, HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"


def test_the_balance_of_ones_own_phone(hall: HallWorld) -> None:
    """To the hour, with two decimals, signed once."""
    assert Phone(hall, ORDINARY).sends("ye") == (
        f"【话费余额】截至11月21日21时,您的余额56.80元,本月已消费71.20元。{SIGNATURE}"
    )


@pytest.mark.parametrize(
    ("prepaid", "balance_fen", "text", "said"),
    [
        (True, 5680, "q.balance.pre.ok", "余额56.80元"),
        (True, 0, "q.balance.pre.ok", "余额0.00元"),
        (True, -1205, "q.balance.pre.owe", "欠费12.05元"),
        (False, 86000, "q.balance.post.ok", "余额860.00元"),
        (False, -2000, "q.balance.post.owe", "欠费20.00元,其中往月未缴12.00元"),
    ],
)
def test_there_are_four_texts_for_a_balance(
    hall: HallWorld, prepaid: bool, balance_fen: int, text: str, said: str
) -> None:
    """Prepaid or postpaid, in credit or in arrears."""
    hall.alter(ORDINARY, prepaid=prepaid, balance_fen=balance_fen, past_due_fen=1200)
    phone = Phone(hall, ORDINARY)
    assert said in phone.sends("CXYE")
    assert phone.texts == [text]


def test_another_numbers_balance_takes_its_password(hall: HallWorld) -> None:
    """Without one it is refused; with it, its owner's weak password is reminded of."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CXYE 13800138002")
    assert phone.texts == ["q.refuse.nopw"]
    assert "余额12.50元" in phone.sends("CXYE 13800138002 123456")
    assert phone.texts == ["q.balance.pre.ok", "auth.initial_tip", "auth.delete_tip"]
