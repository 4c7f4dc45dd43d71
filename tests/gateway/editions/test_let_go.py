"""An edition that nobody can be on any more takes no memory, however many have been published."""

from __future__ import annotations

import gc
from weakref import ref

import pytest

from gateway.config.editions.conf_files import conf_files
from gateway.config.editions.edition import Edition
from gateway.config.settings import Settings
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.snapshot import HallSnapshot, open_edition
from gateway.store.store import Store
from gateway.wording.words import Wording
from tariffs.catalogue import Catalogue
from tests.commands.fakes import OWN_CONF
from tests.gateway.dialogue.handset import Handset
from tests.gateway.hall import Office, own_book
from tests.gateway.messages import ZHANG

pytestmark = pytest.mark.slow


def test_an_edition_that_was_served_from_is_let_go(sqlite_store: Store) -> None:
    """Its prices were asked for by short message and in menus, and it brought words of its own."""
    office, gone = Office(sqlite_store), list[ref[Catalogue] | ref[Wording]]()
    for fee in (11, 12):
        edition = _edition(fee)
        gone += [ref(edition.catalogue), ref(edition.words)]
        office.counter.editions = EditionsInForce(edition)
        assert f"{fee}元" in office.hears("KTEDU40", ZHANG)
        Handset(office).walks("1")
        del edition
    office.counter.editions = EditionsInForce(own_book())
    office.hears("CD", ZHANG)
    gc.collect()
    assert [one() for one in gone] == [None] * 4


def _edition(fee: int) -> HallSnapshot:
    """With another price of WLAN, and a text that says so."""
    files, balance = dict(conf_files(OWN_CONF)), "您的余额{{ balance|yuan }}元"
    for name, old, new in (
        ("tariffs/services.yaml", "fee: 10\n    group: EDU", f"fee: {fee}\n    group: EDU"),
        ("replies/zh/queries.yaml", balance, f"{balance}({fee})"),
    ):
        assert old in files[name]
        files[name] = files[name].replace(old, new)
    return open_edition(Settings(), Edition(f"at {fee}", 0, "li", "", files), {})
