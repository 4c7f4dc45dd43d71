"""Numbers dialled in full: where they lead, what they promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus.lint.published_numbers import published_action
from menus.model.dial_paths import dial
from menus.model.fields import TypedSecret
from tests.menus.books import own

CARD = "860000000000000001"


def test_a_bare_code_begins_at_its_entry() -> None:
    """Nothing is typed ahead."""
    found = dial(own(), "*139#")
    assert found is not None
    assert (found.screen, found.ahead) == ("hall", ())


def test_keys_behind_the_code_are_typed_ahead() -> None:
    """From the first screen on."""
    found = dial(own(), "*139*5*2#")
    assert found is not None
    assert (found.screen, found.ahead) == ("hall", (TypedSecret("5"), TypedSecret("2")))


def test_a_card_behind_the_code_goes_where_the_path_says() -> None:
    """It is typed where a card is asked for, and is a secret on its way."""
    found = dial(own(), f"*139*4*{CARD}#")
    assert found is not None
    assert (found.screen, found.ahead) == ("recharge_own", (TypedSecret(CARD),))
    assert CARD not in repr(found)


def test_what_does_not_fit_the_path_is_taken_for_keys() -> None:
    """Four is the recharge menu, one its first option."""
    found = dial(own(), "*139*4*1#")
    assert found is not None
    assert (found.screen, found.path) == ("hall", "")


@pytest.mark.parametrize("dialled", ["*138#", "139", "", "*139", "#", "*1391#"])
def test_other_codes_are_not_ours(dialled: str) -> None:
    """Whoever asked gives them to somebody else."""
    assert dial(own(), dialled) is None


@given(st.text(st.sampled_from("*#0123456789汉"), max_size=40))
def test_nothing_dialled_raises(dialled: str) -> None:
    """Whatever a handset sends."""
    found = dial(own(), f"*139{dialled}")
    assert found is None or found.screen in own().screens


@pytest.mark.parametrize(
    ("dialled", "does"),
    [
        ("*139*1#", "run q.balance"),
        ("*139*4*{card}#", "ask card; run rc.self with card"),
    ],
)
def test_a_published_number_is_pinned_by_what_it_does(dialled: str, does: str) -> None:
    """In words that an operations person can read."""
    book = own()
    assert published_action(book, book.paths[dialled]) == book.paths[dialled].published == does
