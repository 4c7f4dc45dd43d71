"""Links of one SMSC send for each other at once; others only after a while."""

from __future__ import annotations

from twisted.internet.task import Clock

from gateway.delivery.link_states import FAILOVER, LinkStates
from gateway.delivery.outbox import Outbox
from gateway.model.smsc_groups import SmscGroups
from tests.gateway.delivery.binds import MARKS, NOON, FakeRoute, message


class Hall:
    """An outbox of a gateway that has two links to the east and one to the west."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.asked: list[str] = []
        self.smscs = SmscGroups({"smsc-a": "east", "smsc-a2": "east", "smsc-b": "west"})
        self.outbox = Outbox(
            self.clock,
            lambda: NOON + self.clock.seconds(),
            lambda settled, outbox: outbox.kept(settled),
            lambda limit, outbox: outbox.loaded([], limit),
            MARKS,
            links=LinkStates(self.clock, self.smscs, self.asked.append),
        )
        self.outbox.start()

    def up(self, *links: str) -> list[FakeRoute]:
        routes = [FakeRoute(link) for link in links]
        for route in routes:
            self.outbox.attach(route)
        return routes


def test_a_reply_leaves_at_once_by_another_link_of_its_smsc() -> None:
    """Its own is down; the link to another SMSC, which is up, does not take it."""
    hall = Hall()
    west, east = hall.up("smsc-b", "smsc-a2")
    hall.outbox.add([message(1, link="smsc-a")])
    assert (west.sent, east.sent) == ([], ["1 hello"])


def test_a_reply_waits_for_its_smsc_before_it_leaves_by_another() -> None:
    """Another SMSC may have no way to that phone."""
    hall = Hall()
    (west,) = hall.up("smsc-b")
    hall.outbox.add([message(1, link="smsc-a")])
    hall.clock.advance(FAILOVER - 0.1)
    assert west.sent == []
    hall.clock.advance(0.1)
    assert west.sent == ["1 hello"]


def test_what_each_link_has_is_sent_by_itself_where_both_are_up() -> None:
    """So that load is spread as it came."""
    hall = Hall()
    first, second = hall.up("smsc-a", "smsc-a2")
    hall.outbox.add([message(1, link="smsc-a"), message(2, to="2", link="smsc-a2")])
    assert (first.sent, second.sent) == (["1 hello"], ["2 hello"])


def test_of_a_link_that_only_another_gateway_has_is_asked_once() -> None:
    """Known, its replies leave by our own link to that SMSC."""
    hall = Hall()
    (east,) = hall.up("smsc-a")
    hall.outbox.add([message(1, link="theirs"), message(2, to="2", link="theirs")])
    assert (hall.asked, east.sent) == (["theirs"], [])
    hall.smscs.learn("theirs", "east")
    hall.outbox.pump()
    assert east.sent == ["1 hello", "2 hello"]
