"""Rows of the files that contradict themselves or each other, found while they are bound."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from menus.load.menu_file import BookLimitsRow, MenuFile, OptionActionRow, OptionRow, ScreenRow
from menus.model.book import BookProblem, MenuFilePlace
from menus.model.fields import FieldKind
from menus.model.wording import MenuChannel

FilesByName = Mapping[str, MenuFile]  # by name


def duplicate_rows(files: FilesByName) -> Iterator[BookProblem]:
    """The same thing in two files: which one holds?"""
    seen: dict[MenuFilePlace, str] = {}
    for at, file in files.items():
        for place in _claims(file):
            if place in seen:
                name = " ".join(map(str, place))
                yield BookProblem(at, place, f"{name} stands in {seen[place]} too", "Keep one")
            seen.setdefault(place, at)


def contradictory_rows(files: FilesByName) -> Iterator[BookProblem]:
    """Rows whose parts contradict each other."""
    fields = {name: row.kind for file in files.values() for name, row in file.fields.items()}
    for at, file in files.items():
        for name, screen in file.screens.items():
            for place, what, fix in _screen_shape(screen, fields):
                yield BookProblem(at, ("screens", name, *place), f"{name}: {what}", fix)
        if file.limits is not None and _impatient(file.limits):
            what = "idle: ends a call before its screen has been repeated as often as wrong: says"
            yield BookProblem(
                at, ("limits", "idle"), what, "Make it longer than wrong: times silence:"
            )
        for name, row in file.fields.items():
            if row.kind is not FieldKind.DIGITS and (row.digits or row.least or row.most):
                what = f"a field of kind {row.kind} has its own length"
                yield BookProblem(at, ("fields", name), what, "Remove digits:, least: and most:")
            elif (row.least or 1) > (row.most or 20):
                yield BookProblem(at, ("fields", name), "least is more than most", "Exchange them")


def _impatient(limits: BookLimitsRow) -> bool:
    return limits.idle < limits.wrong * limits.silence


RowProblem = tuple[MenuFilePlace, str, str]


def _screen_shape(row: ScreenRow, fields: Mapping[str, FieldKind]) -> Iterator[RowProblem]:
    yield from _doing_shape(row, ())
    kinds = {
        "options:": bool(row.options), "collect:": row.collect is not None,
        "run:": row.run is not None and row.collect is None, "transfer:": row.transfer,
        "pick:": row.pick and not row.options,
    }  # fmt: skip
    has = [kind for kind, there in kinds.items() if there]
    if len(has) > 1:
        yield (), f"has {' and '.join(has)}", "Keep one; put the other on a screen of its own"
    if row.to is not None and row.collect is None:
        yield ("to",), "to: without collect:", "Write options: with the keys that lead on"
    if row.collect is not None and row.collect not in fields:
        yield ("collect",), f"fields has no '{row.collect}'", _one_of(fields)
    if row.play is not None and fields.get(row.play) is not FieldKind.RECORDING:
        spoken = [name for name, kind in fields.items() if kind is FieldKind.RECORDING]
        yield ("play",), f"'{row.play}' is no field of kind recording", _one_of(spoken)
    if row.collect is not None and not (row.to or row.run or row.answer):
        yield ("collect",), "what is typed leads nowhere", "Add to:, run: or answer: true"
    if row.answer and (row.to or row.run):
        what = "answer: true goes back to the command that asked"
        yield ("answer",), what, "Remove to: and run:, or answer:"
    if row.answer and row.collect is None:
        yield ("answer",), "answer: true without collect:", "Add collect:"
    if "reorder" in row.model_fields_set and row.order is None:
        yield ("reorder",), "reorder: without order:", "Add order: by_use, or remove it"
    if row.tries and row.collect is None:
        yield ("tries",), "tries: without collect:", "Remove it"
    if (row.when is None) != (row.otherwise is None):
        given, wanted = ("when", "otherwise") if row.otherwise is None else ("otherwise", "when")
        yield (given,), f"{given}: without {wanted}:", f"Add {wanted}:"
    mute = row.transfer or MenuChannel.VOICE in row.end or (row.run and row.collect is None)
    if "barge" in row.model_fields_set and mute:
        what = "barge: where no call waits for a key"
        yield ("barge",), what, "Remove it: such words are heard to their end anyway"
    for n, option in enumerate(row.options):
        yield from _option_shape(option, ("options", n))


def _option_shape(row: OptionRow, here: MenuFilePlace) -> Iterator[RowProblem]:
    yield from _doing_shape(row, here)
    if row.to is None and row.run is None and row.answer is None:
        what = f"key {row.key} does nothing"
        yield here, what, "Add to: with a screen, or run: with a command"
    if row.answer is not None and (row.to is not None or row.run is not None):
        yield (
            (*here, "answer"),
            "answer: goes back to the command that asked",
            "Remove to: and run:",
        )


def _doing_shape(row: OptionActionRow, here: MenuFilePlace) -> Iterator[RowProblem]:
    if row.to is not None and row.run is not None:
        what = "to: and run: at once"
        yield (*here, "to"), what, "Keep one; write on: {ok: …} for where a command leads"
    if row.run is None and row.args:
        yield (*here, "with"), "with: without run:", "Add run:, or remove with:"
    asks = isinstance(row, ScreenRow) and (row.answer or row.pick or _answers(row))
    if row.run is None and row.on and not asks:
        yield (*here, "on"), "on: without run:", "Add run:, or remove on:"


def _answers(row: ScreenRow) -> bool:
    return any(option.answer for option in row.options)


def _one_of(names: Collection[str]) -> str:
    return f"Write one of: {', '.join(sorted(names))}"


def _claims(file: MenuFile) -> Iterator[MenuFilePlace]:
    for section in (
        "limits", "phrases", "human", "redial", "unanswered", "unattended", "talked",
    ):  # fmt: skip
        if getattr(file, section) is not None:
            yield (section,)
    for section in ("paths", "endings", "fields", "offers", "announcements", "screens"):
        for name in getattr(file, section):
            yield section, str(name)
    for channel, starts in file.entries.items():
        for start in starts:
            yield "entries", channel.value, start
