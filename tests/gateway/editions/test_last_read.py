"""What was read last is not read again, and nobody keeps all threads waiting for it."""

from __future__ import annotations

from collections.abc import Callable
from queue import Queue
from threading import Event, Thread

from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.last_read import MOST, WAITING, LastRead, ReadingBusy
from tests.gateway.hall import own_book

BOOK = own_book()


def told(read: list[str], version: str) -> Callable[[], HallSnapshot]:
    def reading() -> HallSnapshot:
        read.append(version)
        return BOOK

    return reading


def test_what_was_read_is_not_read_again_until_others_were() -> None:
    last, read = LastRead(), list[str]()
    versions = [str(number) for number in range(MOST + 1)]
    for version in (*versions, versions[-1], versions[0]):
        assert last(version, told(read, version)) is BOOK
    assert read == [*versions, versions[0]]


def test_a_few_wait_and_the_next_is_told_to_come_again() -> None:
    last, going = LastRead(), Event()
    came: Queue[object] = Queue()

    def slow() -> HallSnapshot:
        going.wait(20)
        return BOOK

    def ask() -> None:
        try:
            came.put(last("a", slow))
        except ReadingBusy as busy:
            came.put(busy)

    asking = [Thread(target=ask) for _ in range(WAITING + 1)]
    for one in asking:
        one.start()
    assert isinstance(came.get(timeout=20), ReadingBusy)  # whichever came last; none is served yet
    going.set()
    for one in asking:
        one.join(20)
    assert [came.get_nowait() for _ in range(WAITING)] == [BOOK] * WAITING
