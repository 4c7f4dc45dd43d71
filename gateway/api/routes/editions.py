"""Editions of conf/: looked at, drafted, published, tried out, taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Final

from fastapi import Path

from commands.model.accounts import SubscriberAccount
from gateway.api.act import Act
from gateway.api.edition_models import (
    CameTold,
    CanaryAsked,
    ChangesTold,
    CheckTold,
    Comparison,
    Draft,
    DraftToKeep,
    EditionAct,
    EditionPreviewAsked,
    EditionPreviewTold,
    EditionsTold,
    EditionTold,
    FilesTold,
    ProposalTold,
    Version,
    WalkChangeTold,
    WhoseAsked,
    WhoseTold,
    change_told,
    decision_told,
    edition_told,
    finding_told,
    proposal_told,
    rates_told,
)
from gateway.api.guard import Routes, Runs
from gateway.api.problems import Problem
from gateway.config.checked_yaml import BadFile
from gateway.config.editions.conf_files import ConfFiles, version_of
from gateway.config.editions.edition import EditionDecision, files_of
from gateway.dialogue.editions_in_force import WHOLE
from gateway.dialogue.observed.menu_usage import in_all
from gateway.dialogue.observed.walk_recording import recordings
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions import drafts
from gateway.editions.desk import APPROVE, CHANGE, Came, EditionActor, EditionDesk
from gateway.editions.differences.all_changes import ReadEdition
from gateway.editions.differences.walks import walk_changes
from gateway.editions.membership import edition_for
from gateway.editions.notes import notes
from gateway.editions.noticing import noticed
from gateway.editions.previewing import EditionPreview
from gateway.editions.publishing import Publisher, in_force
from gateway.editions.watching import compared_now, is_watched
from gateway.model.operators.rights import Right
from gateway.store.editions.editions import SqlEditions
from gateway.store.editions.proposals import SqlProposals
from gateway.store.editions.recorded_walks import SqlWalks
from gateway.store.editions.usage import SqlUsage
from gateway.store.lists.entries import numbers_in
from menus.model.wording import LANGUAGES, MenuChannel
from menus.tools.diff import replayed
from menus.tools.scripts import MenuScript
from periods.period import minute_at

routes = Routes("editions")
READ: Final = Right("read", "editions")
_NEWEST: Final = 100  # decisions, editions, proposals that are told
_Number = Annotated[int, Path(ge=1, le=2**53)]
_MOST_NUMBERS: Final = 10_000  # of a canary


@routes.get("/editions", READ)
def list_editions(act: Act) -> EditionsTold:
    """What is in force, what is tried out and how it does, what waits for an approval, history."""
    editions = SqlEditions(act.connection)
    decisions = editions.decisions()
    last = decisions[-1] if decisions else None
    rules = act.context.settings.editions
    compared = compared_now(act.connection, last, rules, act.now)
    return EditionsTold(
        in_force=in_force(editions, act.now),
        canary=last.canary if last else "",
        watched=is_watched(last, rules, act.now),
        compared=rates_told(compared.tried, compared.base) if compared else [],
        proposals=[proposal_told(one) for one in SqlProposals(act.connection).newest(_NEWEST)],
        decisions=[decision_told(one) for one in reversed(decisions[-_NEWEST:])],
        editions=[edition_told(one) for one in reversed(editions.all()[-_NEWEST:])],
    )


@routes.get("/editions/{version}", READ, refusals=(404,))
def show_edition(act: Act, version: Version) -> FilesTold:
    """With all its files."""
    edition = drafts.found_edition(act.store, version)
    return FilesTold(**edition_told(edition).model_dump(), files=dict(edition.files))


@routes.post("/editions/of", READ, Runs.READING)
def whose_edition(act: Act, form: WhoseAsked) -> WhoseTold:
    """Which one a number's next dialogue begins with, and why."""
    editions = SqlEditions(act.connection)
    held = in_force(editions, act.now)
    found = edition_for(form.number, editions.last_decision(), held)
    return WhoseTold(version=found.version, why=found.why)


# -- drafts ------------------------------------------------------------------------------------


@routes.post("/editions/check", READ, Runs.ITSELF, refusals=(404, 409))
def check_draft(act: Act, form: Draft) -> CheckTold:
    """What is wrong with it, with file and line. Nothing is kept."""
    try:
        files = _files(act, form)
        snapshot = read_files(act, files)
        with act.store.reading() as connection:
            Publisher(SqlEditions(connection), "", act.now).keeps_promises(files)
    except BadFile as bad:
        return CheckTold(version="", findings=[finding_told(one) for one in bad.findings])
    minute = minute_at(act.now, act.context.settings.service.zone)
    noted = [finding_told(one) for one in notes(files, snapshot, minute)]
    return CheckTold(version=version_of(files), findings=[], notes=noted)


@routes.post("/editions/difference", READ, Runs.ITSELF, refusals=(404, 409))
def compare_draft(act: Act, form: Comparison) -> ChangesTold:
    """What a draft changes for subscribers; without files, what the version `base` does."""
    new = read_draft(act, form)
    old = read_draft(act, Draft(base=form.to))
    who = _subscriber(act, form.subscriber) if form.subscriber else None
    scripts = _recorded(act, form.recorded)
    walks = replayed(old.snapshot.menus.book, new.snapshot.menus.book, scripts)
    return ChangesTold(
        changes=[change_told(one) for one in noticed(old, new, who, act.now)],
        walked=len(scripts),
        walks=[
            WalkChangeTold(times=one.times, was=one.was, now=one.now) for one in walk_changes(walks)
        ],
    )


@routes.post("/editions/preview", READ, Runs.ITSELF, refusals=(404, 409))
def preview_draft(act: Act, form: EditionPreviewAsked) -> EditionPreviewTold:
    """Its screens and answers, exactly as they will go out."""
    who = _subscriber(act, form.subscriber) if form.subscriber else None
    spoken = [form.language] if form.language else [who.language] if who else list(LANGUAGES)
    channels = [form.channel] if form.channel else list(MenuChannel)
    snapshot = read_draft(act, form).snapshot
    seen = EditionPreview(snapshot, act.now, channels, spoken, form.names, who)
    return EditionPreviewTold(lines=list(seen.lines()))


@routes.post("/editions", CHANGE, Runs.ITSELF, status_code=201, refusals=(404, 409))
def keep_draft(act: Act, form: DraftToKeep) -> EditionTold:
    """In the store as a version, without being in force. It must be sound."""
    return keep(act, form)


def keep(act: Act, form: DraftToKeep, writers: Sequence[str] = ()) -> EditionTold:
    """`writers`: who has written in it besides. Raises Problem."""
    try:
        files = _files(act, form)
        read_files(act, files)
        with act.store.transaction() as connection:
            act.within(connection)
            use = in_all(SqlUsage(connection).totals(act.now))
            kept = _desk(act, form.reason).keep(files, use, writers)
    except BadFile as bad:
        raise Problem(409, f"not sound: {bad.findings[0]}") from None
    return edition_told(kept)


def _files(act: Act, form: Draft) -> ConfFiles:
    settings = act.context.settings
    if form.base:
        base = files_of(drafts.found_edition(act.store, form.base), settings)
    else:
        base = drafts.files_in_force(act.store, settings, act.now)
    return drafts.drafted(base, form.files)


def read_files(act: Act, files: ConfFiles) -> HallSnapshot:
    """As it would be served. Raises BadFile."""
    conf = act.context.conf
    return conf.last_read(version_of(files), lambda: drafts.read_files(files, conf.settings))


def read_draft(act: Act, form: Draft) -> ReadEdition:
    """Raises Problem."""
    try:
        files = _files(act, form)
        return ReadEdition(read_files(act, files), files)
    except BadFile as bad:
        raise Problem(409, f"not sound: {bad.findings[0]}") from None


def _recorded(act: Act, walks: int) -> list[MenuScript]:
    if not walks:
        return []
    with act.store.reading() as connection:
        return [walk.script for walk in recordings(SqlWalks(connection).newest(walks))]


def _subscriber(act: Act, number: str) -> SubscriberAccount:
    """Whose brand and language it is seen with; nothing else of him is told."""
    with act.store.reading() as connection:
        found = act.store.ports(connection).accounts.find(number)
    if found is None:
        raise Problem(404, "there is no such subscriber", about=number)
    return replace(found)


# -- deciding ----------------------------------------------------------------------------------


@routes.post("/editions/{version}/publish", CHANGE, refusals=(404, 409))
def publish_edition(act: Act, version: Version, form: EditionAct) -> CameTold:
    """In force for everybody; or proposed, where somebody else has to approve it."""
    return _came(act, form, lambda desk: desk.publish(version))


@routes.post("/editions/{version}/canary", CHANGE, refusals=(404, 409))
def try_edition_out(act: Act, version: Version, form: CanaryAsked) -> CameTold:
    """On a share of all numbers, and on these."""
    share, numbers = round(form.percent * WHOLE / 100), frozenset(form.numbers)
    if form.customer_list:
        numbers |= _listed(act, form.customer_list)
    return _came(act, form, lambda desk: desk.try_out(version, share, numbers))


def _listed(act: Act, type: str) -> frozenset[str]:
    """Raises Problem."""
    found = numbers_in(act.connection, [type], act.now, limit=_MOST_NUMBERS + 1)
    if not found:
        raise Problem(409, f"nobody is in list {type}")
    if len(found) > _MOST_NUMBERS:
        raise Problem(409, f"list {type} has more than {_MOST_NUMBERS} numbers: try it on fewer")
    return frozenset(found)


@routes.post("/editions/promote", CHANGE, refusals=(404, 409))
def promote_edition(act: Act, form: EditionAct) -> CameTold:
    """What is tried out is for everybody; or it is proposed."""
    return _came(act, form, EditionDesk.promote)


@routes.post("/editions/canary/end", CHANGE, refusals=(404, 409))
def end_canary(act: Act, form: EditionAct) -> CameTold:
    """Everybody begins on the one in force again, within seconds."""
    return _came(act, form, EditionDesk.end_canary)


@routes.post("/editions/rollback", CHANGE, refusals=(404, 409))
def roll_edition_back(act: Act, form: EditionAct) -> CameTold:
    """A canary ends; without one, the version before is in force again, within seconds."""
    return _came(act, form, EditionDesk.roll_back)


@routes.post("/editions/proposals/{number}/approve", APPROVE, refusals=(404, 409))
def approve_edition(act: Act, number: _Number, form: EditionAct) -> CameTold:
    """By somebody else than who wrote or proposed it."""
    return _came(act, form, lambda desk: desk.approve(number))


@routes.post("/editions/proposals/{number}/refuse", READ, refusals=(404, 409))
def refuse_edition(act: Act, number: _Number, form: EditionAct) -> ProposalTold:
    """By who may approve it, or by who proposed it."""
    refused = _desk(act, form.reason).refuse(number)
    act.noted += 1
    return proposal_told(refused)


def _desk(act: Act, reason: str, seen: str = "") -> EditionDesk:
    who = EditionActor(act.actor, act.context.conf.roles(), act.operator.role)
    return EditionDesk(act.connection, act.store.seal, who, act.now, reason, seen)


def _came(act: Act, form: EditionAct, deed: Callable[[EditionDesk], Came]) -> CameTold:
    came = deed(_desk(act, form.reason, form.seen))
    act.noted += 1
    if isinstance(came, EditionDecision):
        return CameTold(decision=decision_told(came))
    return CameTold(proposal=proposal_told(came))
