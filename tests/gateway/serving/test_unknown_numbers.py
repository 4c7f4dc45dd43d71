"""A number that exists takes the store the same work as one that does not, so nobody tells them
apart by the time it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from gateway.store.store import Store
from tests.gateway.hall import Office
from tests.gateway.messages import LI, ZHANG

NOBODYS = "13700000001"


@contextmanager
def statements(office: Office) -> Iterator[list[str]]:
    """What is asked of the store meanwhile."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    engine = office.store.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


@pytest.mark.parametrize(
    "text",
    ["YE#{}", "YE#{}#605193", "CXZD#{}#202610#605193", "GS#{}#605193", "CXPUK#{}#605193",
     "CZ#{}#860000000000009999", "CXDH#{}#605193#6101", "CXXY#{}#605193"],
)  # fmt: skip
def test_the_store_is_asked_the_same_of_both(store: Store, text: str) -> None:
    """Four times over, so through the lock as well."""
    office = Office(store)
    office.hears("YE", LI)  # what is read once is read
    asked = []
    for number, phone in ((ZHANG, "13700000008"), (NOBODYS, "13700000009")):
        with statements(office) as heard:
            answers = [office.hears(text.format(number), phone) for _ in range(4)]
        asked.append((heard, answers))
    assert asked[0] == asked[1]
    assert len(asked[0][0]) > 4 * 4
