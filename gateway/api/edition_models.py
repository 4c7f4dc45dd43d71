"""What routes of editions are asked and tell."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import Field

from gateway.api.models import Asked, Moment, Msisdn, Reason, Told, moment, moment_or_none
from gateway.config import finding_texts
from gateway.config.checked_yaml import Finding
from gateway.config.editions.edition import (
    DecisionKind,
    Edition,
    EditionDecision,
    EditionProposal,
    ProposalState,
    Wanted,
)
from gateway.dialogue.editions_in_force import WHOLE
from gateway.editions.differences.conf_change import ConfChange
from gateway.editions.judging import Counts
from menus.model.wording import MenuChannel

Version = Annotated[str, Path(pattern="^[0-9a-f]{12}$")]
AskedVersion = Annotated[str, Field(pattern="^([0-9a-f]{12})?$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Draft(Asked):
    """Files of conf/, by their path there, that are to be otherwise than in `base`; null: without
    that one."""

    model_config = Asked.model_config | {"str_strip_whitespace": False}

    base: AskedVersion = Field(default="", description="a version; empty: what is in force")
    files: Annotated[dict[Name, str | None], Field(max_length=200)] = Field(default={})


class DraftToKeep(Draft):
    files: Annotated[dict[Name, str | None], Field(min_length=1, max_length=200)]
    reason: Reason = ""


class Comparison(Draft):
    """`subscriber`: only what this one can notice. `recorded`: so many of the newest recorded walks
    are walked in both."""

    to: AskedVersion = Field(default="", description="compared with; empty: what is in force")
    subscriber: Msisdn | None = None
    recorded: int = Field(default=0, ge=0, le=1_000)


class EditionPreviewAsked(Draft):
    names: Annotated[list[Name], Field(max_length=50)] = Field(
        default=[], description="screens and texts that are called so, or begin so"
    )
    channel: MenuChannel | None = None
    language: Annotated[str, Field(pattern="^(zh|en)?$")] = ""
    subscriber: Msisdn | None = None


class EditionAct(Asked):
    reason: Reason = ""
    seen: Annotated[str, Field(pattern="^([0-9a-f]{12})?$")] = Field(
        default="",
        description="the version that was tried out, or else in force, when this was decided: if "
        "another one is by now, nothing is done",
    )


class CanaryAsked(EditionAct):
    percent: float = Field(default=0, ge=0, le=100, description="of all numbers, always the same")
    numbers: Annotated[list[Msisdn], Field(max_length=5_000)] = Field(default=[])
    customer_list: Annotated[str, Field(pattern="^([0-9]{1,6})?$")] = Field(
        default="", description="and who is in this one now"
    )


class WhoseAsked(Asked):
    number: Msisdn


class FindingTold(Told):
    file: str
    line: int
    what: str
    fix: str
    what_zh: str = Field(description="the same in Chinese")
    fix_zh: str


class CheckTold(Told):
    """`version`: what it would be called; empty, if anything is wrong."""

    version: str
    findings: list[FindingTold]
    notes: list[FindingTold] = Field(
        default=[], description="what is over, or doubtful: it may be published all the same"
    )


class ChangeTold(Told):
    subject: str
    what: str
    was: str
    now: str
    brands: list[str]
    language: str


class WalkChangeTold(Told):
    """Recorded walks that end differently, and in the same way."""

    times: int
    was: str
    now: str


class ChangesTold(Told):
    changes: list[ChangeTold]
    walked: int = Field(description="recorded walks that were walked again")
    walks: list[WalkChangeTold]


class EditionPreviewTold(Told):
    lines: list[str]


class EditionTold(Told):
    version: str
    made: Moment
    author: str
    reason: str
    whole: bool = Field(description="false: an older program published menus only")


class FilesTold(EditionTold):
    files: dict[str, str]


class DecisionTold(Told):
    at: Moment
    author: str
    reason: str
    what: DecisionKind
    version: str
    canary: str
    percent: float
    numbers: int = Field(description="how many were chosen")


class ProposalTold(Told):
    number: int
    at: Moment
    author: str
    reason: str
    what: Wanted
    version: str
    held: str = Field(description="what was in force when it was made")
    percent: float
    numbers: int
    state: ProposalState
    decided: Moment | None
    decided_by: str


class RateTold(Told):
    what: str
    channel: str
    tried: str
    others: str


class EditionsTold(Told):
    in_force: str
    canary: str
    watched: bool = Field(
        description="published so shortly ago that it may be taken back by itself"
    )
    compared: list[RateTold] = Field(
        description="what is tried out beside the other; what is watched beside the hour before it"
    )
    proposals: list[ProposalTold]
    decisions: list[DecisionTold]
    editions: list[EditionTold]


class CameTold(Told):
    """Either it is done, or it waits for somebody else to approve it."""

    decision: DecisionTold | None = None
    proposal: ProposalTold | None = None


class WhoseTold(Told):
    version: str
    why: str


def finding_told(finding: Finding) -> FindingTold:
    chinese = finding_texts.told(finding, "zh")
    return FindingTold(
        file=finding.file, line=finding.line, what=finding.what, fix=finding.fix,
        what_zh=chinese.what, fix_zh=chinese.fix,
    )  # fmt: skip


def change_told(change: ConfChange) -> ChangeTold:
    return ChangeTold(
        subject=change.subject, what=change.what, was=change.was, now=change.now,
        brands=sorted(change.brands), language=change.language,
    )  # fmt: skip


def edition_told(edition: Edition) -> EditionTold:
    return EditionTold(
        version=edition.version, made=moment(edition.made_at), author=edition.author,
        reason=edition.reason, whole=edition.whole,
    )  # fmt: skip


def decision_told(decision: EditionDecision) -> DecisionTold:
    return DecisionTold(
        at=moment(decision.at), author=decision.author, reason=decision.reason,
        what=decision.what, version=decision.version, canary=decision.canary,
        percent=decision.share * 100 / WHOLE, numbers=len(decision.numbers),
    )  # fmt: skip


def proposal_told(proposal: EditionProposal) -> ProposalTold:
    return ProposalTold(
        number=proposal.number, at=moment(proposal.at), author=proposal.author,
        reason=proposal.reason, what=proposal.what, version=proposal.version, held=proposal.held,
        percent=proposal.share * 100 / WHOLE, numbers=len(proposal.numbers), state=proposal.state,
        decided=moment_or_none(proposal.decided_at), decided_by=proposal.decided_by,
    )  # fmt: skip


def rates_told(tried: Counts, base: Counts) -> list[RateTold]:
    found = []
    for channel in sorted(tried.outcomes):
        for what, ours, theirs in (
            ("could not be served", tried.failures(channel), base.failures(channel)),
            ("led to nothing", tried.dropouts(channel), base.dropouts(channel)),
        ):
            found.append(RateTold(what=what, channel=channel, tried=str(ours), others=str(theirs)))
    ours, theirs = tried.complaining, base.complaining
    return [*found, RateTold(what="complained", channel="", tried=str(ours), others=str(theirs))]
