"""The files of conf/menus bound into one book, and what does not fit between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from menus.load.menu_file import (
    ConditionRow,
    FieldRow,
    OptionActionRow,
    OptionRow,
    ScreenRow,
    TextByChannel,
    TextByLanguage,
)
from menus.load.row_checks import FilesByName, contradictory_rows, duplicate_rows
from menus.model.book import (
    BACK,
    Announcement,
    AnswerQuestion,
    Book,
    BookLimits,
    BookProblem,
    CommandCall,
    CommandEnding,
    DialPath,
    GoTo,
    InputPrompt,
    MenuFilePlace,
    Option,
    OptionAction,
    Screen,
    ScreenOffer,
    name_of,
)
from menus.model.conditions import ALWAYS, Condition
from menus.model.dial_paths import parse
from menus.model.fields import Field, FieldKind
from menus.model.key_order import OptionOrder
from menus.model.wording import EVERYWHERE, LANGUAGES, SILENT, MenuChannel, ScreenWording
from periods.period import ALWAYS as ANY_TIME
from periods.period import NEVER, TimeSpan

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LEVELS = ("A0", "A1", "A2", "A3")


def bind(files: FilesByName) -> tuple[Book, list[BookProblem]]:
    """The book, and what is plainly wrong with how the files fit together. The book of flawed files
    is good for looking at, not for walking."""
    binder = _Binder(files)
    return binder.book(), [*duplicate_rows(files), *contradictory_rows(files)]


def version(files: FilesByName) -> str:
    """The same for the same content, whatever the files are called."""
    content = sorted(file.model_dump_json() for file in files.values())
    return sha256("\n".join(content).encode()).hexdigest()[:12]


class _Binder:
    def __init__(self, files: FilesByName) -> None:
        self._files = files
        self._fields = {
            name: _field(name, row) for file in files.values() for name, row in file.fields.items()
        }

    def book(self) -> Book:
        files = self._files
        limits = next((f.limits for f in files.values() if f.limits), None)
        phrases = next((f.phrases for f in files.values() if f.phrases), None)
        entries: dict[MenuChannel, dict[str, str]] = {}
        endings: dict[CommandEnding, str] = {}
        for file in files.values():
            for channel, starts in file.entries.items():
                entries.setdefault(channel, {}).update(starts)
            endings |= file.endings
        screens = {
            name: self._screen(at, name, row)
            for at, file in files.items()
            for name, row in file.screens.items()
        }
        return Book(
            version=version(files),
            screens=screens,
            entries=entries,
            paths=self._paths(entries),
            phrases={name: wording(getattr(phrases, name)) for name in type(phrases).model_fields}
            if phrases
            else {},
            endings=endings,
            offers=tuple(self._offers()),
            announcements=tuple(self._announcements()),
            fields=self._fields,
            limits=BookLimits(**limits.model_dump(exclude={"after_wrong"}))
            if limits
            else BookLimits(),
            after_wrong=limits.after_wrong if limits else {},
            human=next((f.human for f in files.values() if f.human), ""),
            redial=next((f.redial for f in files.values() if f.redial), ""),
            unanswered=next((f.unanswered for f in files.values() if f.unanswered), ""),
            unattended=next((f.unattended for f in files.values() if f.unattended), ""),
            talked=next((f.talked for f in files.values() if f.talked), ""),
            places=dict(self._places()),
        )

    def _places(self) -> Iterator[tuple[MenuFilePlace, str]]:
        """Which file each named thing stands in."""
        for at, file in self._files.items():
            yield (), next(iter(self._files))
            for section in file.model_fields_set:
                yield (section,), at
                content = getattr(file, section)
                if isinstance(content, dict):
                    for name in content:
                        yield (section, name), at

    def _paths(self, entries: Mapping[MenuChannel, Mapping[str, str]]) -> dict[str, DialPath]:
        starts = entries.get(MenuChannel.USSD, {})
        return {
            dialled: DialPath(
                dialled, at, *parse(dialled, starts), row.to or "", row.published or ""
            )
            for at, file in self._files.items()
            for dialled, row in file.paths.items()
        }

    def _offers(self) -> Iterator[ScreenOffer]:
        for at, file in self._files.items():
            for name, row in file.offers.items():
                yield ScreenOffer(name, at, wording(row.say), _when(row.when))

    def _announcements(self) -> Iterator[Announcement]:
        for at, file in self._files.items():
            for name, row in file.announcements.items():
                channels = EVERYWHERE if row.channels is None else frozenset(row.channels)
                yield Announcement(
                    name, at, wording(row.say), _when(row.when), frozenset(row.on), channels
                )

    def _screen(self, at: str, name: str, row: ScreenRow) -> Screen:
        here: MenuFilePlace = ("screens", name)
        does = _doing(row)
        return Screen(
            name=name,
            file=at,
            say=wording(row.say),
            close=wording(row.close),
            options=tuple(
                _option(option, (*here, "options", n)) for n, option in enumerate(row.options)
            ),
            collect=self._collect(row, does),
            run=does if isinstance(does, CommandCall) else None,
            play=row.play or "",
            pick=row.pick,
            end=frozenset(row.end),
            on=row.on,
            by_sms=frozenset(row.by_sms),
            transfer=row.transfer,
            back=row.back,
            human=row.human,
            offers=row.offers,
            by_use=row.reorder if row.order else "",
            when=_when(row.when),
            otherwise=row.otherwise or "",
            silence=row.silence or "",
            slow=row.slow,
            pages=row.pages or 0,
            parts=row.parts or 0,
            barge=row.barge,
            orders=tuple(OptionOrder(_when(one.when), tuple(one.first)) for one in row.orders),
        )

    def _collect(self, row: ScreenRow, does: OptionAction | None) -> InputPrompt | None:
        if row.collect is None:
            return None
        field = self._fields.get(row.collect, Field(row.collect, FieldKind.TEXT))
        return InputPrompt(field, None if row.answer else does or GoTo(BACK), row.tries or 0)


def _field(name: str, row: FieldRow) -> Field:
    least = row.digits or row.least or 1
    return Field(name, row.kind, least, row.digits or row.most or 20, row.own or "")


def _option(row: OptionRow, place: MenuFilePlace) -> Option:
    does = AnswerQuestion(row.answer) if row.answer else _doing(row) or GoTo(BACK)
    name = row.name or name_of(does)
    return Option(
        name=name,
        key=row.key,
        label=wording(row.label),
        does=does,
        place=place,
        when=_when(row.when),
        channels=EVERYWHERE if row.channels is None else frozenset(row.channels),
        language=row.language or "",
        pinned=row.pinned,
    )


def _doing(row: OptionActionRow) -> OptionAction | None:
    if row.run is not None:
        return CommandCall(row.run, tuple(row.args.items()), row.on)
    return None if row.to is None else GoTo(row.to)


def _when(row: ConditionRow | None) -> Condition:
    if row is None:
        return ALWAYS
    return Condition(
        brands=frozenset(row.brand),
        states=frozenset(row.state),
        groups=frozenset(row.group),
        languages=frozenset(row.language),
        days=frozenset(_DAYS.index(day) + 1 for day in row.days),
        regions=frozenset(row.region),
        campuses=frozenset(row.campus) if isinstance(row.campus, tuple) else frozenset(),
        campus=row.campus if isinstance(row.campus, bool) else None,
        period=_period(row),
        star=row.star,
        level=_LEVELS.index(row.level),
        hours=_minutes(row.hours) if row.hours else None,
        holiday=row.holiday,
        mobile=row.mobile,
    )


def _period(row: ConditionRow) -> TimeSpan:
    if row.begins is None and row.until is None:
        return ANY_TIME
    return TimeSpan(row.begins or 0, NEVER if row.until is None else row.until)


def _minutes(hours: str) -> tuple[int, int]:
    first, end = (int(time[:2]) * 60 + int(time[3:]) for time in hours.split("-"))
    return first, end


def wording(row: TextByChannel | None) -> ScreenWording:
    """Each channel's own text, or what holds for all of them."""
    if row is None:
        return SILENT
    forms: dict[tuple[MenuChannel, str], str] = {}
    for channel in MenuChannel:
        own: TextByLanguage | None = getattr(row, channel.value)
        for language in LANGUAGES:
            text = getattr(own, language) if own else None
            text = getattr(row, language) if text is None else text
            if text is not None:
                forms[channel, language] = text
    return ScreenWording(forms)
