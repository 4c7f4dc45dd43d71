"""The API is killed while it serves: whoever asks again with the same key has it done once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.config.sample import people as sample_people
from gateway.config.settings import OWN_CONF
from gateway.operators.sample_interfaces import load
from gateway.store.sample.interfaces import SampleInterface, put_interfaces
from gateway.store.sample.people import put_cards
from gateway.store.tables import cards, door_requests, inbox, ledger
from tests.gateway.api.console import Console, console
from tests.gateway.api.test_requests import WEB

pytestmark = pytest.mark.slow
CARDS = 24
NUMBER = "13800138001"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield f"sqlite:///{tmp_path / 'hall.db'}"
        else:
            server = request.getfixturevalue("postgres_server")
            yield stack.enter_context(server.fresh_database())


def body(place: int) -> object:
    card = {"card": f"{870_000_000_000_000_001 + place}"}
    return {"number": NUMBER, "action": "rc.self", "parameters": card}


def told(hall: Console, place: int) -> str:
    """What it has become; empty, if nobody said."""
    headers: dict[str, Any] = {
        "X_Interface_Key": WEB,
        "Idempotency_Key": f"killed {place}".replace(" ", "-"),
    }
    try:
        answer = hall.ask("POST", "/api/v1/requests", body(place), **headers)
    except (OSError, HTTPException):
        return ""
    return str(answer.json["state"]) if answer.status == 200 else ""


def test_each_card_is_redeemed_once_whenever_the_api_is_killed(url: str, tmp_path: Path) -> None:
    chance = Random(7)
    done: set[int] = set()
    for life in range(4):
        with console(url, tmp_path, samples=life == 0) as hall:
            if life == 0:
                _furnish(hall)
            _some(hall, done, chance, last=life == 3)
            if life == 3:
                _check(hall, done)


def _furnish(hall: Console) -> None:
    put_cards(hall.store, map(sample_people.card, range(1, CARDS + 1)))
    fast = [_fast(one) for one in load(OWN_CONF)]
    put_interfaces(hall.store, fast, 1)


def _fast(one: SampleInterface) -> SampleInterface:
    return one._replace(interface=replace(one.interface, per_minute=6000))


def _some(hall: Console, done: set[int], chance: Random, *, last: bool) -> None:
    """All that are left, by four at a time; in the middle of it the process is killed."""
    assert told(hall, 0)  # conf/ has been read
    left = [place for place in range(CARDS) if place not in done]
    chance.shuffle(left)
    kill = threading.Event()

    def work(places: list[int]) -> None:
        for place in places:
            if told(hall, place) == "done":
                done.add(place)
            if not last and len(done) % 6 == 5:
                kill.set()

    threads = [threading.Thread(target=work, args=(left[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    if not last:
        kill.wait(20)
        hall.process.kill()
    for thread in threads:
        thread.join()


def _check(hall: Console, done: set[int]) -> None:
    assert done == set(range(CARDS)), json.dumps(sorted(done))
    with hall.store.reading() as connection:
        mine = (ledger.c.msisdn == int(NUMBER)) & (ledger.c.fen == 5_000)
        assert connection.execute(select(func.count()).where(mine)).scalar() == CARDS
        used = select(func.count()).where(cards.c.state == "used", cards.c.used_by == int(NUMBER))
        assert connection.execute(used).scalar() == CARDS
        kept = connection.execute(select(door_requests.c.id)).scalars().all()
        served = select(inbox.c.id).where(inbox.c.channel == "door")
        assert sorted(kept) == sorted(connection.execute(served).scalars().all())
        assert len(kept) == CARDS
