"""Where subscribers stand: kept in the store or in Redis, and no difference to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from sqlalchemy import event, select

from commands.model.dialogue import (
    NO_DIALOGUE,
    AwaitedInput,
    Dialogue,
    NumberedList,
    PendingConfirm,
)
from commands.model.request import AuthLevel, ConfirmRule
from gateway.model.messages import InboxEntry
from gateway.model.session_state import NOWHERE, OpenMenu, SessionState, packed, unpacked
from gateway.store.retention import Retention, tidy
from gateway.store.sessions import RedisSessions, SessionChange, Sessions, StoreSessions
from gateway.store.store import Store
from gateway.store.tables import dialogues
from menus.model.position import Position
from menus.model.wording import LANGUAGES, MenuChannel
from tests.gateway.messages import NOON, Mailbag

NOW = int(NOON)
KEY, OTHER = "sms:13800138001", "sms:13800138002"
CHOICE = Dialogue(choice=NumberedList(("CXYE", "是#17"), NOW + 86_400))
STEP = Dialogue(
    step=AwaitedInput("pw.change", "13800138001", "again", AuthLevel.A2, NOW + 600, {"new": "ab"})
)
PENDING = Dialogue(pending=(PendingConfirm(17, "sv.order", ConfirmRule.TWICE, NOW + 86_400),))

moments, words = st.integers(NOW + 1, NOW + 100_000), st.text(max_size=8)
choices = st.builds(NumberedList, st.lists(words, max_size=4).map(tuple), moments)
pendings = st.builds(
    PendingConfirm, st.integers(0, 1 << 62), words, st.sampled_from(ConfirmRule), moments
)
steps = st.builds(
    AwaitedInput,
    words,
    words,
    words,
    st.sampled_from(AuthLevel),
    moments,
    st.dictionaries(words, words),
)
all_dialogues = st.builds(
    Dialogue, st.none() | choices, st.lists(pendings, max_size=3).map(tuple), st.none() | steps
)
names = st.text(min_size=1, max_size=5)
some, counts = st.lists(words, max_size=3).map(tuple), st.integers(0, 1_000)
positions = st.builds(
    Position, names, st.sampled_from(MenuChannel), names, names, st.sampled_from(LANGUAGES),
    some, counts, counts, counts, counts, counts, st.dictionaries(words, words), some, words,
    st.booleans(), words, words,
)  # fmt: skip
menus = st.builds(OpenMenu, positions, moments, words, st.dictionaries(words, st.binary()), words)
standings = st.builds(SessionState, all_dialogues, st.none() | menus)


class Hall:
    """Sessions beside a store, through which messages come."""

    def __init__(self, store: Store, sessions: Sessions) -> None:
        self.store = store
        self.sessions = sessions
        self.bag = Mailbag()

    def load(self, *keys: str) -> dict[str, Dialogue]:
        with self.store.transaction() as connection:
            found = self.sessions.load(connection, keys)
        return {key: standing.dialogue for key, standing in found.items()}

    def save(self, changed: Mapping[str, Dialogue], *, commits: bool = True) -> None:
        """A message for each change, and the changes, in one transaction."""
        was = self.load(*changed)
        with self.store.engine.connect() as connection:
            changes = {}
            for key, dialogue in changed.items():
                message = self.bag.arrived()
                self.store.messages.keep(connection, [InboxEntry(message, "q", "ok")])
                changes[key] = SessionChange(
                    SessionState(was.get(key, NO_DIALOGUE)), SessionState(dialogue), message.id
                )
            self.sessions.save(connection, changes, int(self.bag.now))
            if commits:
                connection.commit()
            else:
                connection.rollback()


@pytest.fixture
def store_hall(sqlite_store: Store) -> Hall:
    """With the store alone."""
    return Hall(sqlite_store, StoreSessions())


@pytest.fixture
def redis_hall(sqlite_store: Store, redis_url: str) -> Iterator[Hall]:
    """With an empty Redis."""
    sessions = RedisSessions(redis_url)
    yield Hall(sqlite_store, sessions)
    sessions.close()


@pytest.fixture(params=["store", pytest.param("redis", marks=pytest.mark.service)])
def hall(request: pytest.FixtureRequest) -> Hall:
    """With either kind of sessions."""
    hall: Hall = request.getfixturevalue(f"{request.param}_hall")
    return hall


@given(standings)
def test_whoever_stands_anywhere_is_found_there_again(standing: SessionState) -> None:
    """Choices, confirms, steps and what was gathered in them; and the place in a menu."""
    assert unpacked(packed(standing)) == standing


FIVE = tuple(f"sms:{n}" for n in range(5))
changes = st.dictionaries(st.sampled_from(FIVE), all_dialogues)
one_hall = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


@one_hall
@given(changes)
def test_the_store_finds_dialogues_as_they_were_left(
    store_hall: Hall, changed: dict[str, Dialogue]
) -> None:
    """One after the other replaces, an empty one removes."""
    hold_to_what_was_left(store_hall, changed)


@one_hall
@given(changes)
def test_redis_finds_dialogues_as_they_were_left(
    redis_hall: Hall, changed: dict[str, Dialogue]
) -> None:
    """Just so."""
    hold_to_what_was_left(redis_hall, changed)


def hold_to_what_was_left(hall: Hall, changed: dict[str, Dialogue]) -> None:
    before = hall.load(*FIVE)
    hall.save(changed)
    after = {key: one for key, one in hall.load(*FIVE).items() if not one.empty}
    assert after == {key: one for key, one in (before | changed).items() if not one.empty}


def test_who_was_never_here_stands_nowhere(hall: Hall) -> None:
    """Only those who are asked for, and stand somewhere, are told."""
    hall.save({KEY: CHOICE})
    assert hall.load(KEY, OTHER) == {KEY: CHOICE}
    assert hall.load(OTHER) == {}
    assert hall.load() == {}


def test_an_ended_dialogue_is_gone(hall: Hall) -> None:
    """And a new one can begin."""
    hall.save({KEY: STEP, OTHER: PENDING})
    hall.save({KEY: NO_DIALOGUE})
    assert hall.load(KEY, OTHER).get(KEY, NO_DIALOGUE).empty
    assert hall.load(OTHER) == {OTHER: PENDING}
    hall.save({KEY: CHOICE})
    assert hall.load(KEY) == {KEY: CHOICE}


def test_what_the_store_did_not_keep_did_not_happen(hall: Hall) -> None:
    """The transaction failed after the sessions were written: the subscriber stands where he
    stood."""
    hall.save({KEY: STEP, OTHER: PENDING})
    hall.save({KEY: PENDING, OTHER: NO_DIALOGUE}, commits=False)
    assert hall.load(KEY, OTHER) == {KEY: STEP, OTHER: PENDING}


def test_a_first_dialogue_that_was_not_kept_never_began(hall: Hall) -> None:
    """Also when it failed again and again."""
    for _ in range(2):
        hall.save({KEY: STEP}, commits=False)
        assert hall.load(KEY).get(KEY, NO_DIALOGUE).empty


def test_two_failures_in_a_row_lose_nothing(hall: Hall) -> None:
    """What was before both is what is."""
    hall.save({KEY: STEP})
    hall.save({KEY: PENDING}, commits=False)
    hall.save({KEY: CHOICE}, commits=False)
    assert hall.load(KEY) == {KEY: STEP}


def test_saving_nothing_asks_nothing(hall: Hall) -> None:
    """Most batches change no dialogue."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with hall.store.transaction() as connection:
        event.listen(hall.store.engine, "before_cursor_execute", note)
        hall.sessions.save(connection, {}, NOW)
        assert hall.sessions.load(connection, []) == {}
        event.remove(hall.store.engine, "before_cursor_execute", note)
    assert asked == []


# -- how long ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dialogue", "seconds"), [(CHOICE, 2 * 86_400), (STEP, 600 + 86_400)])
def test_in_the_store_a_dialogue_is_forgotten_at_its_end(
    store_hall: Hall, dialogue: Dialogue, seconds: int
) -> None:
    """By housekeeping."""
    store_hall.save({KEY: dialogue})
    for now, left in ((NOW + seconds, {KEY: dialogue}), (NOW + seconds + 1, {})):
        with store_hall.store.transaction() as connection:
            tidy(connection, now, Retention())
        assert store_hall.load(KEY) == left


def test_a_late_yes_finds_its_confirm_for_another_day(store_hall: Hall) -> None:
    """Then it is told that it is too late, instead of nothing being understood."""
    store_hall.save({KEY: Dialogue(CHOICE.choice, PENDING.pending, STEP.step)})
    with store_hall.store.transaction() as connection:
        (until,) = connection.execute(select(dialogues.c.until_at)).scalars()
    assert until == NOW + 2 * 86_400


@pytest.mark.parametrize(
    ("dialogue", "seconds"), [(CHOICE, 2 * 86_400), (STEP, 86_400 + 600), (PENDING, 2 * 86_400)]
)
def test_in_redis_a_dialogue_is_forgotten_by_itself(
    redis_hall: Hall, redis_url: str, dialogue: Dialogue, seconds: int
) -> None:
    """Not before a day behind its end: who answers too late is told so."""
    redis_hall.save({KEY: dialogue})
    with Redis.from_url(redis_url) as redis:
        assert redis.keys() == [f"hallgate:dialogue:{KEY}".encode()]
        left = redis.ttl(f"hallgate:dialogue:{KEY}")
    assert seconds - 60 < left <= seconds


def test_in_redis_an_ended_dialogue_is_forgotten_too(redis_hall: Hall, redis_url: str) -> None:
    """Memory is not for ever."""
    redis_hall.save({KEY: STEP})
    redis_hall.save({KEY: NO_DIALOGUE})
    with Redis.from_url(redis_url) as redis:
        assert 0 < redis.ttl(f"hallgate:dialogue:{KEY}") <= 3_600


def test_in_redis_a_batch_is_read_at_once(redis_hall: Hall, redis_url: str) -> None:
    """With one question for all of its subscribers."""
    many = {
        f"sms:{13_900_000_000 + n}": SessionChange(NOWHERE, SessionState(STEP), 8)
        for n in range(50)
    }
    with Redis.from_url(redis_url) as redis, redis.monitor() as monitor:
        asked = monitor.listen()
        with redis_hall.store.engine.connect() as connection:
            redis_hall.sessions.save(connection, many, NOW)
            redis_hall.sessions.load(connection, many)
        words = (each["command"].split()[0] for each in asked)
        until_read = list(takewhile(lambda word: word != "MGET", words))
    assert until_read.count("SET") == 50
    assert "GET" not in until_read
