"""Who is asked something is answered on the edition that asked; whatever is new begins anew."""

from __future__ import annotations

import pytest

from gateway.config.editions.conf_files import conf_files
from gateway.config.editions.edition import Edition
from gateway.config.settings import Settings
from gateway.dialogue.editions_in_force import Canary, EditionsInForce
from gateway.dialogue.snapshot import HallSnapshot, open_edition
from gateway.model.editions.edition_outcomes import Outcome
from gateway.store.store import Store
from tests.commands.fakes import OWN_CONF
from tests.gateway.dialogue.handset import Handset
from tests.gateway.hall import Office, own_book
from tests.gateway.messages import LI, ZHANG

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dearer() -> HallSnapshot:
    """WLAN for 12 yuan."""
    files = dict(conf_files(OWN_CONF))
    for name, old, new in (
        ("tariffs/services.yaml", "fee: 10\n    group: EDU", "fee: 12\n    group: EDU"),
    ):
        files[name] = files[name].replace(old, new)
    return open_edition(Settings(), Edition("dearer", 0, "li", "", files), {})


def test_a_price_that_was_shown_is_the_price(sqlite_store: Store, dearer: HallSnapshot) -> None:
    """It was asked at 10 yuan, and is ordered at 10; who asks now is told 12."""
    office = Office(sqlite_store)
    asked = office.hears("KTEDU40", ZHANG)
    assert "10元" in asked
    office.counter.editions = EditionsInForce(dearer, None, [own_book()])
    assert "10元" in office.hears("是", ZHANG)
    assert "12元" in office.hears("KTEDU40", LI)


def test_a_command_begins_anew_beside_what_waits(sqlite_store: Store, dearer: HallSnapshot) -> None:
    """Whoever has not answered yet and asks again is told today's price, and that is what it costs;
    and taking an edition back reaches them at once."""
    office = Office(sqlite_store)
    assert "10元" in office.hears("KTEDU40", ZHANG)
    office.counter.editions = EditionsInForce(dearer, None, [own_book()])
    assert "12元" in office.hears("KTEDU40", ZHANG)
    assert "12元" in office.hears("是", ZHANG)
    office.counter.editions = EditionsInForce(own_book(), None, [dearer])
    assert "10元" in office.hears("KTEDU40", LI)


def test_a_list_goes_on_as_it_was_sent(sqlite_store: Store, dearer: HallSnapshot) -> None:
    """Its numbers mean what they meant; any other text is of the edition in force."""
    office = Office(sqlite_store)
    office.hears("CD", ZHANG)
    office.counter.editions = EditionsInForce(dearer, None, [own_book()])
    assert "账单" in office.hears("1", ZHANG)
    assert "12元" in office.hears("KTEDU40", ZHANG)


def test_each_gets_the_edition_that_is_theirs(sqlite_store: Store, dearer: HallSnapshot) -> None:
    """On every channel, and what comes of it is counted for that edition."""
    office = Office(sqlite_store)
    canary = Canary(dearer, 0, frozenset({LI}))
    office.counter.editions = EditionsInForce(own_book(), canary)
    assert "10元" in office.hears("KTEDU40", ZHANG)
    assert "12元" in office.hears("KTEDU40", LI)
    counted = office.counter.outcomes.take()
    served = {one.version: n for one, n in counted.items() if one.what is Outcome.SERVED}
    assert served == {own_book().version: 1, "dearer": 1}


def test_a_walk_counts_once(sqlite_store: Store, dearer: HallSnapshot) -> None:
    """However many answers it leads to; one that leads to none counts as begun alone."""
    office = Office(sqlite_store)
    canary = Canary(dearer, 0, frozenset({LI}))
    office.counter.editions = EditionsInForce(own_book(), canary)
    Handset(office, LI).walks("1", "0", "1")
    Handset(office, ZHANG).walks("0")
    counted = office.counter.outcomes.take()
    told = {(one.version, one.what): n for one, n in counted.items()}
    assert told["dearer", Outcome.BEGUN] == told["dearer", Outcome.REACHED] == 1
    assert told[own_book().version, Outcome.BEGUN] == 1
    assert (own_book().version, Outcome.REACHED) not in told


def test_of_one_edition_alone_only_walks_are_counted(sqlite_store: Store) -> None:
    """What else comes of it the metrics tell; for what is published after it walks are there to be
    compared with."""
    office = Office(sqlite_store)
    office.hears("YE", ZHANG)
    office.hears("CD", ZHANG)
    office.hears("1", ZHANG)
    Handset(office, LI).walks("1", "0", "1")
    Handset(office, ZHANG).walks("0")
    counted = office.counter.outcomes.take()
    told = {(one.version, one.channel, one.what): n for one, n in counted.items()}
    ours = own_book().version
    assert told == {(ours, "ussd", Outcome.BEGUN): 2, (ours, "ussd", Outcome.REACHED): 1}


def test_a_walk_that_began_before_a_trial_counts_once_as_well(
    sqlite_store: Store, dearer: HallSnapshot
) -> None:
    office = Office(sqlite_store)
    handset = Handset(office, LI)
    handset.walks("1")
    office.counter.editions = EditionsInForce(own_book(), Canary(dearer, 0, frozenset({LI})))
    handset.types("0")
    handset.types("1")
    counted = office.counter.outcomes.take()
    told = {(one.version, one.what): n for one, n in counted.items()}
    ours = own_book().version
    assert told[ours, Outcome.BEGUN] == told[ours, Outcome.REACHED] == 1


def test_who_had_finished_begins_anew(sqlite_store: Store, dearer: HallSnapshot) -> None:
    """Dialling again soon after an answer is no going on: else who keeps dialling would never see
    what was published, or that it was taken back."""
    office = Office(sqlite_store)
    handset = Handset(office, LI)
    handset.walks("1")
    handset.hangs_up()
    office.counter.editions = EditionsInForce(dearer, None, [own_book()])
    handset.walks("1")
    told = {(one.version, one.what): n for one, n in office.counter.outcomes.take().items()}
    assert told["dearer", Outcome.BEGUN] == told["dearer", Outcome.REACHED] == 1


def test_who_was_on_the_way_may_go_on_where_they_were(
    sqlite_store: Store, dearer: HallSnapshot
) -> None:
    """On the edition that they were on."""
    office = Office(sqlite_store)
    handset = Handset(office, LI)
    handset.walks("4")
    handset.hangs_up()
    office.counter.editions = EditionsInForce(dearer, None, [own_book()])
    handset.walks("1")
    assert all(one.version != "dearer" for one in office.counter.outcomes.take())
