"""Customer lists: types, and who is in them. Numbers are masked without a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, TypeVar

from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, Field

from commands.classes.customer_classes import CustomerClasses
from commands.parser.masking import masked_number
from gateway.api.act import REVEAL, Act
from gateway.api.guard import Routes, Runs
from gateway.api.models import (
    Asked,
    AskedReason,
    Moment,
    Msisdn,
    Reason,
    Switch,
    Told,
    moment,
    moment_or_none,
    printable,
)
from gateway.api.problems import Problem
from gateway.config.checked_yaml import BadFile
from gateway.config.known_classes import read_classes
from gateway.lists.customer_lists import MOST_AT_ONCE, CustomerLists
from gateway.lists.ends import end_of
from gateway.lists.exporting import csv_pages
from gateway.model.customer_lists import OWN, OWN_TOLD, TYPE_NUMBER, ListEntry, ListType
from gateway.model.operators.rights import Right
from gateway.store.lists.entries import EntryQuery, SqlListEntries
from gateway.store.lists.types import SqlListTypes

routes = Routes("lists")
READ, CHANGE, EXPORT = (Right(verb, "lists") for verb in ("read", "change", "export"))
_MOST: Final = 200
Done = TypeVar("Done")
TypeNumber = Annotated[str, Field(pattern=TYPE_NUMBER, description="编号")]
Origin = Annotated[
    str,
    Field(
        max_length=32,
        pattern="^([a-z][a-z0-9_-]*)?$",
        description="whose list: a partner's name; empty: the hall's own",
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(printable)]
Note = Annotated[str, Field(max_length=300), AfterValidator(printable)]
ClassCodes = Annotated[
    list[Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,31}$")]],
    Field(max_length=20, description="of conf/classes.yaml"),
]


class TypeTold(Told):
    """`own` and `partners`: how many are in it now, by whose list."""

    number: str
    name: str
    note: str
    classes: list[str]
    created_at: Moment
    changed_at: Moment
    closed_at: Moment | None
    own: int
    partners: dict[str, int]


class TypesTold(Told):
    types: list[TypeTold]


class NewType(Asked):
    number: TypeNumber
    name: Name
    note: Note = ""
    classes: ClassCodes = Field(default=[])
    reason: Reason = ""


class TypeChange(Asked):
    """What is null stays."""

    name: Name | None = None
    note: Note | None = None
    classes: ClassCodes | None = None
    reason: Reason = ""


class OnlyReason(Asked):
    reason: Reason = ""


class NewEntries(Asked):
    type: TypeNumber
    numbers: Annotated[list[Msisdn], Field(min_length=1, max_length=MOST_AT_ONCE)]
    reason: AskedReason
    until: Annotated[str, Field(max_length=40, description="the last day, 2027-06-30, or a moment; "
                                                           "empty: open")] = ""  # fmt: skip
    origin: Origin = OWN


class EntriesToClose(Asked):
    type: TypeNumber
    numbers: Annotated[list[Msisdn], Field(min_length=1, max_length=MOST_AT_ONCE)]
    reason: AskedReason
    origin: Origin = OWN


class EntrySearch(Asked):
    type: TypeNumber | None = None
    number: Msisdn | None = None
    origin: Origin | None = Field(default=None, description="null: everybody's")
    past: Switch = Field(default=False, description="also what is over")
    reason: Reason = ""
    after: int = Field(default=0, strict=True, ge=0, le=2**53, description="behind this entry")
    limit: int = Field(default=100, strict=True, ge=1, le=_MOST)


class ListEntryTold(Told):
    """`number` is masked unless a reason was given."""

    number: str
    type: str
    origin: str
    reason: str
    operator: str
    since: Moment
    until: Moment | None
    ended_at: Moment | None
    ended_by: str
    ended_reason: str
    in_force: bool


class ListedTold(Told):
    """In the order in which they were put in."""

    entries: list[ListEntryTold]
    next: int | None = Field(description="`after` of the next page")


class OnlyCount(Told):
    count: int


class ListExport(Asked):
    type: TypeNumber
    origin: Origin | None = Field(default=None, description="null: everybody's")
    reason: AskedReason


@routes.get("/lists/types", READ)
def list_types(act: Act) -> TypesTold:
    """By number, also those that are closed."""
    types = SqlListTypes(act.connection)
    sizes = types.sizes(act.now)
    return TypesTold(types=[_type(one, sizes) for one in types.all()])


@routes.post("/lists/types", CHANGE, status_code=201, refusals=(409,))
def add_type(act: Act, form: NewType) -> TypeTold:
    return _typed(
        act,
        lambda lists: lists.add_type(form.number, form.name, form.note, form.classes, form.reason),
    )


@routes.post("/lists/types/{number}/change", CHANGE, refusals=(404, 409))
def change_type(act: Act, number: TypeNumber, form: TypeChange) -> TypeTold:
    return _typed(
        act,
        lambda lists: lists.change_type(number, form.name, form.note, form.classes, form.reason),
    )


@routes.post("/lists/types/{number}/close", CHANGE, refusals=(404, 409))
def close_type(act: Act, number: TypeNumber, form: OnlyReason) -> TypeTold:
    """Nobody is treated by it any more. It is never deleted, and can be opened again."""
    return _typed(act, lambda lists: lists.close_type(number, form.reason))


@routes.post("/lists/types/{number}/open", CHANGE, refusals=(404, 409))
def reopen_type(act: Act, number: TypeNumber, form: OnlyReason) -> TypeTold:
    return _typed(act, lambda lists: lists.reopen_type(number, form.reason))


@routes.post("/lists/entries", CHANGE, status_code=201, refusals=(404, 409))
def add_entries(act: Act, form: NewEntries) -> ListedTold:
    """Numbers put into a list, or given another reason and end. All of them, or nobody."""
    try:
        until = end_of(form.until, act.store.calendar.zone, act.now)
    except ValueError as mistake:
        raise Problem(422, f"until {mistake}") from None
    kept = _lists(act).add(form.type, form.numbers, form.reason, until, form.origin)
    act.noted += len(kept)
    return ListedTold(entries=[_entry(act, one, full=False) for one in kept], next=None)


@routes.post("/lists/entries/close", CHANGE, refusals=(404, 409))
def close_entries(act: Act, form: EntriesToClose) -> OnlyCount:
    """Numbers taken out of a list; they stay on record. All of them, or nobody."""
    ended = _lists(act).take_out(form.type, form.numbers, form.reason, form.origin)
    act.noted += len(ended)
    return OnlyCount(count=len(ended))


@routes.post("/lists/entries/search", READ, shows_subscriber=True, refusals=(404,))
def search_entries(act: Act, form: EntrySearch) -> ListedTold:
    """The lists of a number, or who is in a list; in full with a reason (subscribers.reveal)."""
    if form.reason:
        act.must(REVEAL)
    if form.type:
        _lists(act).type(form.type or "")
    wanted = EntryQuery(form.type or "", form.number or "", form.origin, form.past, form.after)
    found = SqlListEntries(act.connection).find(wanted, form.limit, act.now)
    entries, full = [one for _, one in found], bool(form.reason)
    result = f"type {form.type or 'any'}: {len(entries)} entries"
    if full and entries:
        act.must_reveal(*sorted({one.number for one in entries}))
    action = str(REVEAL if full else READ)
    whose = {form.number} if form.number else {one.number for one in entries} if full else {""}
    for number in sorted(whose) or [""]:
        act.note(action=action, subscriber=number, reason=form.reason, result=result)
    more = found[-1][0] if len(found) == form.limit else None
    return ListedTold(entries=[_entry(act, one, full=full) for one in entries], next=more)


@routes.post(
    "/lists/export", EXPORT, Runs.ITSELF, response_class=StreamingResponse, refusals=(404,),
    content={"text/csv": {"schema": {"type": "string"}}},
)  # fmt: skip
def export(act: Act, form: ListExport) -> StreamingResponse:
    """Who is in a list, with numbers in full: CSV as a spreadsheet opens it, and import reads."""
    with act.store.transaction() as connection:
        act.within(connection)
        _lists(act).type(form.type)
        whose = "everybody" if form.origin is None else form.origin or OWN_TOLD
        act.note(reason=form.reason, result=f"type {form.type} of {whose}")
    pages = csv_pages(act.store, form.type, form.origin, act.context.zone, act.now)
    return StreamingResponse((page.encode() for page in pages), media_type="text/csv")


def _lists(act: Act) -> CustomerLists:
    return CustomerLists(act.connection, act.store.seal, act.actor, act.now, lambda: _classes(act))


def _classes(act: Act) -> CustomerClasses:
    """Raises Problem."""
    try:
        return read_classes(act.context.settings.conf)
    except BadFile:
        raise Problem(409, "conf/classes.yaml has mistakes: hallgate check tells them") from None


def _typed(act: Act, change: Callable[[CustomerLists], ListType]) -> TypeTold:
    made = change(_lists(act))
    act.noted += 1
    return _type(made, SqlListTypes(act.connection).sizes(act.now))


def _type(one: ListType, sizes: dict[tuple[str, str], int]) -> TypeTold:
    mine = {origin: n for (kind, origin), n in sizes.items() if kind == one.number}
    return TypeTold(
        number=one.number,
        name=one.name,
        note=one.note,
        classes=list(one.classes),
        created_at=moment(one.created_at),
        changed_at=moment(one.changed_at),
        closed_at=moment_or_none(one.closed_at),
        own=mine.pop(OWN, 0),
        partners=mine,
    )


def _entry(act: Act, one: ListEntry, *, full: bool) -> ListEntryTold:
    return ListEntryTold(
        number=one.number if full else masked_number(one.number),
        type=one.type,
        origin=one.origin or OWN_TOLD,
        reason=one.reason,
        operator=one.operator,
        since=moment(one.since),
        until=moment_or_none(one.until),
        ended_at=moment_or_none(one.ended_at),
        ended_by=one.ended_by,
        ended_reason=one.ended_reason,
        in_force=one.runs(act.now),
    )
