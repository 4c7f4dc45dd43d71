"""The files of conf/menus bound into one book, and what does not fit between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from menus.book import (
    BACK,
    Book,
    Collect,
    Deed,
    Doing,
    Ending,
    Flaw,
    Go,
    Limits,
    Offer,
    Option,
    Path,
    Place,
    Say,
    Screen,
    name_of,
)
from menus.fields import Field, Kind
from menus.paths import parse
from menus.shapes import Files, shapes, twice
from menus.sheet import (
    DoingRow,
    FieldRow,
    OptionRow,
    ScreenRow,
    Tongues,
    WhenRow,
    Worded,
)
from menus.when import ALWAYS, When
from menus.wording import EVERYWHERE, LANGUAGES, SILENT, Channel, Wording

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LEVELS = ("A0", "A1", "A2", "A3")


def bind(files: Files) -> tuple[Book, list[Flaw]]:
    """The book, and what is plainly wrong with how the files fit together. The book of flawed files
    is good for looking at, not for walking."""
    binder = _Binder(files)
    return binder.book(), [*twice(files), *shapes(files)]


def version(files: Files) -> str:
    """The same for the same content, whatever the files are called."""
    content = sorted(file.model_dump_json() for file in files.values())
    return sha256("\n".join(content).encode()).hexdigest()[:12]


class _Binder:
    def __init__(self, files: Files) -> None:
        self._files = files
        self._fields = {
            name: _field(name, row) for file in files.values() for name, row in file.fields.items()
        }

    def book(self) -> Book:
        files = self._files
        limits = next((f.limits for f in files.values() if f.limits), None)
        phrases = next((f.phrases for f in files.values() if f.phrases), None)
        entries: dict[Channel, dict[str, str]] = {}
        endings: dict[Ending, str] = {}
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
            fields=self._fields,
            limits=Limits(**limits.model_dump(exclude={"after_wrong"})) if limits else Limits(),
            after_wrong=limits.after_wrong if limits else {},
            human=next((f.human for f in files.values() if f.human), ""),
            redial=next((f.redial for f in files.values() if f.redial), ""),
            unanswered=next((f.unanswered for f in files.values() if f.unanswered), ""),
            unattended=next((f.unattended for f in files.values() if f.unattended), ""),
            places=dict(self._places()),
        )

    def _places(self) -> Iterator[tuple[Place, str]]:
        """Which file each named thing stands in."""
        for at, file in self._files.items():
            yield (), next(iter(self._files))
            for section in file.model_fields_set:
                yield (section,), at
                content = getattr(file, section)
                if isinstance(content, dict):
                    for name in content:
                        yield (section, name), at

    def _paths(self, entries: Mapping[Channel, Mapping[str, str]]) -> dict[str, Path]:
        starts = entries.get(Channel.USSD, {})
        return {
            dialled: Path(dialled, at, *parse(dialled, starts), row.to or "", row.published or "")
            for at, file in self._files.items()
            for dialled, row in file.paths.items()
        }

    def _offers(self) -> Iterator[Offer]:
        for at, file in self._files.items():
            for name, row in file.offers.items():
                yield Offer(name, at, wording(row.say), _when(row.when))

    def _screen(self, at: str, name: str, row: ScreenRow) -> Screen:
        here: Place = ("screens", name)
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
            run=does if isinstance(does, Deed) else None,
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
            pages=row.pages or 0,
            parts=row.parts or 0,
            barge=row.barge,
        )

    def _collect(self, row: ScreenRow, does: Doing | None) -> Collect | None:
        if row.collect is None:
            return None
        field = self._fields.get(row.collect, Field(row.collect, Kind.TEXT))
        return Collect(field, None if row.answer else does or Go(BACK), row.tries or 0)


def _field(name: str, row: FieldRow) -> Field:
    least = row.digits or row.least or 1
    return Field(name, row.kind, least, row.digits or row.most or 20, row.own or "")


def _option(row: OptionRow, place: Place) -> Option:
    does = Say(row.answer) if row.answer else _doing(row) or Go(BACK)
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


def _doing(row: DoingRow) -> Doing | None:
    if row.run is not None:
        return Deed(row.run, tuple(row.args.items()), row.on)
    return None if row.to is None else Go(row.to)


def _when(row: WhenRow | None) -> When:
    if row is None:
        return ALWAYS
    return When(
        brands=frozenset(row.brand),
        states=frozenset(row.state),
        groups=frozenset(row.group),
        languages=frozenset(row.language),
        days=frozenset(_DAYS.index(day) + 1 for day in row.days),
        star=row.star,
        level=_LEVELS.index(row.level),
        hours=_minutes(row.hours) if row.hours else None,
        holiday=row.holiday,
        mobile=row.mobile,
    )


def _minutes(hours: str) -> tuple[int, int]:
    first, end = (int(time[:2]) * 60 + int(time[3:]) for time in hours.split("-"))
    return first, end


def wording(row: Worded | None) -> Wording:
    """Each channel's own text, or what holds for all of them."""
    if row is None:
        return SILENT
    forms: dict[tuple[Channel, str], str] = {}
    for channel in Channel:
        own: Tongues | None = getattr(row, channel.value)
        for language in LANGUAGES:
            text = getattr(own, language) if own else None
            text = getattr(row, language) if text is None else text
            if text is not None:
                forms[channel, language] = text
    return Wording(forms)
