"""Who may put an edition into force, and who must answer for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.config.editions.conf_files import ConfFiles, conf_files
from gateway.config.editions.edition import EditionDecision, EditionProposal
from gateway.config.roles import read_roles, roles_of
from gateway.editions.desk import EditionActor, EditionDesk, EditionForbidden
from gateway.editions.publishing import NotPublished, Publisher, in_force
from gateway.model.operators.audit import Actor
from gateway.model.operators.rights import Roles
from gateway.store.connection import Connection
from gateway.store.editions.editions import SqlEditions
from gateway.store.operators.audit import AuditQuery, SqlAudit
from gateway.store.store import Store
from tests.commands.fakes import OWN_CONF

NOW = 1_795_233_600
ROLES = read_roles(OWN_CONF)
Acting = Callable[[str, str | None], EditionDesk]


def files(note: str, **more: str) -> ConfFiles:
    """The shipped conf/, and a word that makes it another edition."""
    own = conf_files(OWN_CONF)
    return own | {"holidays.yaml": f"# {note}\n{own['holidays.yaml']}"} | more


@pytest.fixture
def held(sqlite_store: Store) -> Store:
    """Something is in force."""
    with sqlite_store.transaction() as connection:
        Publisher(SqlEditions(connection), "li", NOW).publish(files("first"))
    return sqlite_store


def at_desk(
    connection: Connection, store: Store, number: str, role: str | None, roles: Roles = ROLES,
    seen: str = "",
) -> EditionDesk:  # fmt: skip
    who = EditionActor(Actor(number, "10.0.0.1"), roles, role, "root")
    return EditionDesk(connection, store.seal, who, NOW + 60, "ticket 12", seen)


def now_in_force(store: Store) -> str:
    with store.reading() as connection:
        return in_force(SqlEditions(connection), NOW + 60)


def proposed(store: Store, note: str = "second", by: str = "1001") -> EditionProposal:
    with store.transaction() as connection:
        desk = at_desk(connection, store, by, "business")
        came = desk.publish(desk.keep(files(note)).version)
    assert isinstance(came, EditionProposal)
    return came


def test_what_one_wrote_another_puts_into_force(held: Store) -> None:
    before, proposal = now_in_force(held), proposed(held)
    assert now_in_force(held) == before
    with held.transaction() as connection:
        decided = at_desk(connection, held, "1002", "business").approve(proposal.number)
    assert decided.author == "1001, approved by 1002"
    assert now_in_force(held) == proposal.version
    with held.reading() as connection:
        told = [
            (one.entry.operator, one.entry.action)
            for one in SqlAudit(connection, held.seal).find(AuditQuery(), 10)
        ]
    assert ("1002", "editions.approve") in told
    assert ("1001", "editions.change") in told


def test_a_bad_edition_is_taken_back_once_though_two_do_it(held: Store) -> None:
    """The second one would bring it back: he is told that a colleague was faster."""
    with held.transaction() as connection:
        desk = at_desk(connection, held, "root", None)
        good, bad = (desk.keep(files(note)).version for note in ("good", "bad"))
        desk.publish(good)
        desk.publish(bad)
    with held.transaction() as connection:
        first = at_desk(connection, held, "1001", "business", seen=bad)
        assert first.roll_back().version == good
    with held.transaction() as connection:
        late = at_desk(connection, held, "1002", "business", seen=bad)
        for deed in (late.roll_back, lambda: late.publish(bad), lambda: late.try_out(bad, 5)):
            with pytest.raises(NotPublished, match="somebody else has acted"):
                deed()
    assert now_in_force(held) == good


def test_nobody_approves_what_they_wrote_or_proposed(held: Store) -> None:
    """Nor does somebody else's proposal make it another's."""
    proposal = proposed(held)
    with held.transaction() as connection:
        desk = at_desk(connection, held, "1001", "business")
        with pytest.raises(EditionForbidden, match="ask a colleague"):
            desk.approve(proposal.number)
        again = at_desk(connection, held, "1003", "business").publish(proposal.version)
        assert isinstance(again, EditionProposal)
        with pytest.raises(EditionForbidden, match="ask a colleague"):
            desk.approve(again.number)


WITH_WORDING = (
    (OWN_CONF / "roles.yaml").read_text(encoding="utf-8")
    + """
  wording:
    name: {zh: 文案, en: wording}
    edits: [replies, offers.yaml]
    rights:
      editions: [read, change, approve]
"""
)
WORDING = roles_of(WITH_WORDING)


def in_words(note: str, **more: str) -> ConfFiles:
    """As `files`, where there is such a role."""
    return files(note, **{"roles.yaml": WITH_WORDING}, **more)


def test_who_edits_wording_alone_puts_nothing_else_into_force(held: Store) -> None:
    """Not even what somebody else has kept, proposed or published; by a colleague's yes."""
    name = "replies/zh/services.yaml"
    base = in_words("first")
    worded = {**base, name: f"# another\n{base[name]}"}
    with held.transaction() as connection:
        before = Publisher(SqlEditions(connection), "li", NOW).publish(base).version
        desk = at_desk(connection, held, "1001", "wording", WORDING)
        proposal = desk.publish(desk.keep(worded).version)
        assert isinstance(proposal, EditionProposal)
        with pytest.raises(EditionForbidden, match=r"offers\.yaml only, and tariffs/new\.yaml"):
            desk.keep({**worded, "tariffs/new.yaml": "plans: {}"})
        other = Publisher(SqlEditions(connection), "li", NOW).keep(in_words("second")).version
        with pytest.raises(EditionForbidden, match=r"holidays\.yaml"):
            desk.publish(other)
        asked = at_desk(connection, held, "1005", "business", WORDING).publish(other)
        assert isinstance(asked, EditionProposal)
        with pytest.raises(EditionForbidden, match=r"holidays\.yaml"):
            desk.approve(asked.number)
        colleague = at_desk(connection, held, "1002", "wording", WORDING)
        assert colleague.approve(proposal.number).version == proposal.version
        assert desk.roll_back().version == before
        Publisher(SqlEditions(connection), "li", NOW + 61).put_in_force(other)
        with pytest.raises(EditionForbidden, match=r"holidays\.yaml"):
            desk.roll_back()


@pytest.mark.parametrize("role", ["agent", "marketing", "operations", "nobody"])
def test_who_has_no_right_does_nothing(held: Store, role: str) -> None:
    before, proposal = now_in_force(held), proposed(held)
    with held.transaction() as connection:
        desk = at_desk(connection, held, "1009", role)
        for deed in (
            lambda: desk.publish(proposal.version),
            lambda: desk.approve(proposal.number),
            lambda: desk.refuse(proposal.number),
            lambda: desk.keep(files("third")),
            desk.roll_back,
            desk.end_canary,
        ):
            with pytest.raises(EditionForbidden, match="has no right to editions"):
                deed()
    assert now_in_force(held) == before


def test_what_was_overtaken_is_proposed_again(held: Store) -> None:
    """Whoever approves has seen the difference from what is in force, not from something older."""
    first, other = proposed(held), proposed(held, "third", "1003")
    with held.transaction() as connection:
        at_desk(connection, held, "1002", "business").approve(other.number)
    with held.transaction() as connection:
        desk = at_desk(connection, held, "1002", "business")
        with pytest.raises(NotPublished, match="propose it again"):
            desk.approve(first.number)
        with pytest.raises(NotPublished, match="was approved by 1002"):
            desk.approve(other.number)


def test_taking_back_needs_nobody_else(held: Store) -> None:
    proposal = proposed(held)
    with held.transaction() as connection:
        at_desk(connection, held, "1002", "business").approve(proposal.number)
    with held.transaction() as connection:
        back = at_desk(connection, held, "1001", "business").roll_back()
    assert isinstance(back, EditionDecision)
    assert now_in_force(held) == back.version != proposal.version


def test_nobody_gives_themselves_rights_by_an_edition(held: Store) -> None:
    """A change of roles needs who may change operators, also of who approves it."""
    own = conf_files(OWN_CONF)["roles.yaml"]
    roles = own.replace("editions: [read, change, approve]", "operators: [change]", 1)
    with held.transaction() as connection:
        desk = at_desk(connection, held, "1001", "business")
        version = desk.keep(files("mine", **{"roles.yaml": roles})).version
        with pytest.raises(EditionForbidden, match=r"has no right to operators\.change"):
            desk.publish(version)


def test_one_decides_alone_where_no_role_approves(held: Store) -> None:
    """So does who acts at the machine itself, as no operator."""
    own = conf_files(OWN_CONF)["roles.yaml"]
    alone = own.replace("editions: [read, change, approve]", "editions: [read, change]")
    for number, role, written in (("1001", "business", alone), ("cli:root", None, own)):
        with held.transaction() as connection:
            desk = at_desk(connection, held, number, role, roles_of(written))
            came = desk.publish(desk.keep(files(number, **{"roles.yaml": written})).version)
        assert isinstance(came, EditionDecision)
        assert now_in_force(held) == came.version


def test_a_proposal_can_be_given_up(held: Store) -> None:
    """By who made it, or by who may approve it."""
    for who in ("1001", "1002"):
        proposal = proposed(held, who)
        with held.transaction() as connection:
            at_desk(connection, held, who, "business").refuse(proposal.number)
        with held.transaction() as connection, pytest.raises(NotPublished, match="was refused"):
            at_desk(connection, held, "1002", "business").approve(proposal.number)
