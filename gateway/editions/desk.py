"""What people do with editions; each act with its audit rows.

Where some role of conf/roles.yaml has the right editions.approve, whoever writes or proposes an
edition does not put it into force: somebody else approves it. To take something back needs nobody
else. Who acts at the machine itself, as no operator, can do anything, and stands in the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gateway.config.editions.conf_files import ConfFiles
from gateway.config.editions.edition import (
    Edition,
    EditionDecision,
    EditionProposal,
    ProposalState,
    Wanted,
)
from gateway.config.roles import roles_of
from gateway.editions.publishing import NotPublished, Publisher, UnknownEdition, in_force
from gateway.model.operators.audit import Actor
from gateway.model.operators.refusals import ActForbidden, NothingSuch
from gateway.model.operators.rights import Right, Roles, may
from gateway.security.encryption import Seal
from gateway.store.connection import Connection
from gateway.store.editions.editions import SqlEditions
from gateway.store.editions.proposals import SqlProposals
from gateway.store.operators.audit import SqlAudit

ROLES: Final = "roles.yaml"
_AND: Final = ", "  # between authors; no 工号 has it
CHANGE, APPROVE = Right("change", "editions"), Right("approve", "editions")
_OPERATORS: Final = Right("change", "operators")
Came = EditionDecision | EditionProposal


class EditionForbidden(NotPublished, ActForbidden):
    """Somebody else may do this."""


class UnknownProposal(NotPublished, NothingSuch):
    def __init__(self, number: int) -> None:
        super().__init__(f"there is no proposal {number}: see hallgate edition versions")


@dataclass(frozen=True, slots=True)
class EditionActor:
    """`role`: of an operator; None acts at the machine itself. `author`: how history names who
    that was."""

    actor: Actor
    roles: Roles
    role: str | None = None
    author: str = ""

    @property
    def name(self) -> str:
        return self.actor.operator if self.role is not None else self.author or self.actor.operator

    def must(self, right: Right) -> None:
        """Raises EditionForbidden."""
        if self.role is not None and not may(self.roles, self.role, right):
            raise EditionForbidden(f"operator {self.name} has no right to {right}")

    def must_edit(self, changed: Iterable[str]) -> None:
        """Raises EditionForbidden if any of these files is none that the role edits."""
        role = self.roles.get(self.role) if self.role is not None else None
        for name in changed:
            if role is not None and not role.may_edit(name):
                raise EditionForbidden(
                    f"role {role.code} edits {', '.join(role.edits)} only, and {name} is changed "
                    "beside what is in force"
                )

    @property
    def needs_another(self) -> bool:
        """Whether somebody else has to approve."""
        approved = any(APPROVE in role.rights for role in self.roles.values())
        return self.role is not None and approved


class EditionDesk:
    """In one transaction, for one actor. All of it raises NotPublished, BadFile. `seen`: what stood
    when he decided, as `_stands`; empty: whatever does."""

    def __init__(
        self, connection: Connection, seal: Seal, who: EditionActor, now: int, reason: str = "",
        seen: str = "",
    ) -> None:  # fmt: skip
        self._who, self._now, self._reason, self._seen = who, now, reason, seen
        self._editions, self._proposals = SqlEditions(connection), SqlProposals(connection)
        self._audit = SqlAudit(connection, seal)
        self._publisher = Publisher(self._editions, who.name, now, reason)

    def keep(
        self, files: ConfFiles, use: Mapping[str, int] | None = None, writers: Sequence[str] = ()
    ) -> Edition:
        """In the store, without being in force. `writers`: who has written in it besides; none of
        them approves it."""
        self._who.must(CHANGE)
        self._may_edit(files)
        authors = _AND.join(dict.fromkeys((self._who.name, *writers)))
        edition = replace(self._publisher, author=authors).keep(files, use)
        self._note("editions.change", f"edition {edition.version} kept")
        return edition

    def publish(self, version: str) -> Came:
        """What is kept."""
        return self._wanted(Wanted.PUBLISH, version)

    def try_out(self, version: str, share: int = 0, numbers: frozenset[str] = frozenset()) -> Came:
        return self._wanted(Wanted.CANARY, version, share, numbers)

    def promote(self) -> Came:
        last = self._editions.last_decision()
        if last is None or not last.canary:
            raise NotPublished("no version is being tried out")
        return self._wanted(Wanted.PROMOTE, last.canary)

    def end_canary(self) -> EditionDecision:
        return self._back(Publisher.end_canary)

    def roll_back(self) -> EditionDecision:
        return self._back(Publisher.roll_back)

    def _back(self, deed: Callable[[Publisher], EditionDecision]) -> EditionDecision:
        self._who.must(CHANGE)
        self._editions.lock()
        left = self._stands()
        came = deed(self._publisher)
        self._may_edit(self._files(came.version), self._files(left))
        return self._done(came)

    def _stands(self) -> str:
        """The version that is tried out, or else the one in force. Raises NotPublished if he has
        seen another one: what he wants concerns that."""
        last = self._editions.last_decision()
        stands = (last.canary or last.version) if last else in_force(self._editions, self._now)
        if self._seen and self._seen != stands:
            raise NotPublished(
                f"{stands} stands by now, no longer {self._seen}: somebody else has acted "
                "meanwhile, so look again"
            )
        return stands

    def _wanted(
        self,
        what: Wanted,
        version: str,
        share: int = 0,
        numbers: frozenset[str] = frozenset(),
    ) -> Came:
        self._who.must(CHANGE)
        self._editions.lock()
        self._stands()
        held = in_force(self._editions, self._now)
        wanted = EditionProposal(
            self._now, self._who.name, self._reason, what, version, held, share, numbers
        )
        self._publisher.can(wanted)
        self._may_edit(self._files(version))
        self._may_change_roles(version)
        if not self._who.needs_another:
            return self._done(self._publisher.does(wanted))
        made = self._proposals.add(wanted)
        self._note("editions.change", f"proposal {made.number}: {what.value} {version}", numbers)
        return made

    # -- by somebody else ------------------------------------------------------------------------

    def approve(self, number: int) -> EditionDecision:
        """By somebody else than who wrote or proposed it."""
        self._who.must(APPROVE)
        self._editions.lock()
        proposal = self._open(number)
        edition = self._editions.find(proposal.version)
        if edition is None:
            raise UnknownEdition(proposal.version)
        if self._who.name in (proposal.author, *edition.author.split(_AND)):
            raise EditionForbidden(
                "whoever wrote or proposed an edition does not approve it: ask a colleague"
            )
        if proposal.held != in_force(self._editions, self._now):
            raise NotPublished(
                f"{proposal.held} was in force when proposal {number} was made, and is no longer: "
                "look at the difference, and propose it again"
            )
        self._may_edit(edition.files)
        self._may_change_roles(proposal.version)
        self._proposals.decide(number, ProposalState.APPROVED, self._who.name, self._now)
        by = f"{proposal.author}, approved by {self._who.name}"
        publisher = Publisher(self._editions, by, self._now, proposal.reason or self._reason)
        return self._done(publisher.does(proposal), "editions.approve")

    def refuse(self, number: int) -> EditionProposal:
        """By who may approve, or by who proposed it."""
        proposal = self._open(number)
        if self._who.name != proposal.author:
            self._who.must(APPROVE)
        self._proposals.decide(number, ProposalState.REFUSED, self._who.name, self._now)
        self._note("editions.approve", f"proposal {number} refused")
        return proposal

    def _open(self, number: int) -> EditionProposal:
        found = self._proposals.find(number)
        if found is None:
            raise UnknownProposal(number)
        if found.state is not ProposalState.OPEN:
            raise NotPublished(f"proposal {number} was {found.state.value} by {found.decided_by}")
        return found

    def _files(self, version: str) -> ConfFiles:
        found = self._editions.find(version)
        return found.files if found is not None else {}

    def _may_edit(self, files: ConfFiles, before: ConfFiles | None = None) -> None:
        """`before`: else what is in force."""
        if before is None:
            before = self._files(in_force(self._editions, self._now))
        names = sorted(files.keys() | before.keys())
        self._who.must_edit(one for one in names if files.get(one) != before.get(one))

    def _may_change_roles(self, version: str) -> None:
        """Whoever could give themselves rights by an edition could do anything."""
        edition = self._editions.find(version)
        if edition is None:
            raise UnknownEdition(version)
        if edition.whole and roles_of(edition.files.get(ROLES)) != self._who.roles:
            self._who.must(_OPERATORS)

    # -- the audit -------------------------------------------------------------------------------

    def _done(self, decision: EditionDecision, action: str = "editions.change") -> EditionDecision:
        what = f"edition {decision.what.value}: {decision.version} is in force"
        if decision.canary:
            what += f", {decision.canary} is tried out"
        self._note(action, f"{what}; author {decision.author}", decision.numbers)
        return decision

    def _note(self, action: str, result: str, numbers: frozenset[str] = frozenset()) -> None:
        """One row, and one for each number that a version is tried out on."""
        self._audit.append(
            *(
                self._who.actor.did(
                    action, self._now, subscriber=number, reason=self._reason, result=result
                )
                for number in ("", *sorted(numbers))
            )
        )
