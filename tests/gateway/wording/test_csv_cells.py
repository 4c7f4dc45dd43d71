"""A file for spreadsheets holds words, and nothing that would be run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.management.listing import as_csv
from gateway.wording.csv_cells import plain_cell

BEGINNINGS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("begins", BEGINNINGS)
def test_what_begins_a_formula_is_words(begins: str) -> None:
    """Also full-width, as it is typed here."""
    assert plain_cell(f"{begins}1+1") == f"'{begins}1+1"


@given(st.text())
def test_nothing_else_is_changed(words: str) -> None:
    assert plain_cell(words) == (f"'{words}" if words[:1] in tuple(BEGINNINGS) else words)


def test_a_number_below_zero_stays_a_number() -> None:
    """Only words can be somebody's."""
    rows = [{"fen": -5, "words": "-5"}]
    assert as_csv(rows, ("fen", "words")).splitlines()[1] == "-5,'-5"
