"""What a file of conf/menus may say. Strict: nothing unknown, nothing converted."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from menus.model.book import CommandEnding, KeyWhileSpeaking
from menus.model.fields import FieldKind
from menus.model.wording import FACT, MenuChannel
from periods.period import begin_of, end_of

_HAN = re.compile(r"[\u3400-\u9fff]")


class MenuFileRow(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


def _in_both(said: object) -> object:
    """One text for both languages, such as "{result}"."""
    if not isinstance(said, str):
        return said
    if _HAN.search(said):
        raise ValueError("Chinese only; write zh: and en:, each with its text")
    return {"zh": said, "en": said}


def _sound(text: object) -> object:
    """Braces hold the name of a fact, and nothing else."""
    if isinstance(text, str) and (left := re.search(r"[{}]", FACT.sub("", text))):
        raise ValueError(f"a '{left[0]}' that names no fact; write facts like {{brand}}")
    return text


def _key(key: object) -> object:
    if isinstance(key, int) and not isinstance(key, bool) and 0 <= key <= 9:
        return str(key)
    if not isinstance(key, str) or not re.fullmatch(r"[0-9]{1,2}|[*#]", key):
        raise ValueError('no key; write one of 0 to 9, two digits in quotes, "*" or "#"')
    return key


def _clock(hours: object) -> object:
    shape = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
    if not isinstance(hours, str) or not re.fullmatch(f"{shape}-(?:{shape}|24:00)", hours):
        raise ValueError('these are no hours; write them like "08:00-21:00"')
    if hours[:5] == hours[6:]:
        raise ValueError("begins when it ends; leave hours out for the whole day")
    return hours


def _begin(moment: object) -> object:
    return begin_of(moment)


def _end(moment: object) -> object:
    return end_of(moment)


def _yes_or_names(campus: object) -> object:
    if isinstance(campus, bool) or campus is None:
        return campus
    if isinstance(campus, list) and all(isinstance(name, str) for name in campus):
        return tuple(campus)
    raise ValueError("names no campus; write true, false, or names in a list: [北京大学]")


def _channels(end: object) -> object:
    if isinstance(end, bool):
        return list(MenuChannel) if end else []
    return end


PlainText = Annotated[str, BeforeValidator(_sound)]
Key = Annotated[str, BeforeValidator(_key, json_schema_input_type=int | str)]
ClockTime = Annotated[str, BeforeValidator(_clock)]
From = Annotated[int, BeforeValidator(_begin, json_schema_input_type=str)]
Until = Annotated[int, BeforeValidator(_end, json_schema_input_type=str)]
Campus = Annotated[
    bool | tuple[str, ...] | None,
    BeforeValidator(_yes_or_names, json_schema_input_type=bool | list[str]),
]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
MenuChannelName = Annotated[MenuChannel, Field(strict=False)]
EndingName = Annotated[CommandEnding, Field(strict=False)]
LanguageCode = Literal["zh", "en"]
Target = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Channels = Annotated[
    list[MenuChannelName],
    BeforeValidator(_channels, json_schema_input_type=bool | list[MenuChannel]),
]
WeekdayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class TextByLanguage(MenuFileRow):
    zh: PlainText | None = None
    en: PlainText | None = None


LanguageText = Annotated[
    TextByLanguage, BeforeValidator(_in_both, json_schema_input_type=str | TextByLanguage)
]


class TextByChannel(TextByLanguage):
    """zh and en for every channel; under sms, ussd or voice what that channel says instead."""

    sms: LanguageText | None = None
    ussd: LanguageText | None = None
    voice: LanguageText | None = None


ChannelText = Annotated[
    TextByChannel, BeforeValidator(_in_both, json_schema_input_type=str | TextByChannel)
]


class ConditionRow(MenuFileRow):
    """All that is written must hold."""

    brand: list[str] = []
    state: list[str] = []
    group: list[str] = Field(default=[], alias="class")
    language: list[LanguageCode] = []
    days: list[WeekdayName] = []
    region: list[str] = []
    campus: Campus = None
    begins: From | None = Field(default=None, alias="from")
    until: Until | None = None
    hours: ClockTime | None = None
    holiday: bool | None = None
    mobile: bool | None = None
    star: Annotated[int, Field(ge=0, le=5)] = 0
    level: Literal["A0", "A1", "A2", "A3"] = "A0"

    @model_validator(mode="after")
    def _says_something(self) -> ConditionRow:
        if not self.model_fields_set:
            raise ValueError("when: says nothing; write whom it is for, or take it out")
        return self


class OptionActionRow(MenuFileRow):
    """What happens: somewhere to go, or a command to run and where its endings lead."""

    to: Target | None = None
    run: str | None = None
    args: dict[str, PlainText] = Field(default={}, alias="with")
    on: dict[EndingName, Target] = {}


class OptionRow(OptionActionRow):
    key: Key
    label: ChannelText
    name: Name | None = None
    answer: Literal["yes", "no"] | None = None
    language: LanguageCode | None = None
    when: ConditionRow | None = None
    channels: list[MenuChannelName] | None = None
    pinned: bool = False


class OptionOrderRow(MenuFileRow):
    """For whom the options named here come first, in this order."""

    when: ConditionRow
    first: Annotated[list[str], Field(min_length=1)]


class ScreenRow(OptionActionRow):
    say: ChannelText | None = None
    close: ChannelText | None = None
    options: list[OptionRow] = []
    collect: str | None = None
    play: str | None = None
    answer: bool = False
    tries: Annotated[int, Field(ge=1, le=9)] | None = None
    pick: bool = False
    end: Channels = []
    by_sms: Channels = []
    transfer: bool = False
    back: bool = True
    human: bool = True
    offers: bool = False
    order: Literal["by_use"] | None = None
    reorder: Literal["propose", "apply"] = "propose"
    orders: list[OptionOrderRow] = []
    when: ConditionRow | None = None
    otherwise: Target | None = None
    silence: Target | None = None
    slow: bool = False
    pages: Annotated[int, Field(ge=1, le=9)] | None = None
    parts: Annotated[int, Field(ge=1, le=9)] | None = None
    barge: Annotated[KeyWhileSpeaking, Field(strict=False)] = KeyWhileSpeaking.YES


class FieldRow(MenuFileRow):
    kind: Annotated[FieldKind, Field(strict=False)]
    digits: Annotated[int, Field(ge=1, le=20)] | None = None
    least: Annotated[int, Field(ge=1, le=20)] | None = None
    most: Annotated[int, Field(ge=1, le=20)] | None = None
    own: Key | None = None


class ScreenOfferRow(MenuFileRow):
    say: ChannelText
    when: ConditionRow | None = None


class AnnouncementRow(MenuFileRow):
    say: ChannelText
    when: ConditionRow
    on: list[Target] = []
    channels: list[MenuChannelName] | None = None


class DialPathRow(MenuFileRow):
    to: Target | None = None
    published: str | None = None


class BookLimitsRow(MenuFileRow):
    wrong: Annotated[int, Field(ge=1, le=9)] = 3
    steps: Annotated[int, Field(ge=10, le=500)] = 60
    trail: Annotated[int, Field(ge=1, le=30)] = 12
    pages: Annotated[int, Field(ge=1, le=9)] = 1
    answer_pages: Annotated[int, Field(ge=1, le=9)] = 2
    parts: Annotated[int, Field(ge=1, le=9)] = 2
    silence: Annotated[int, Field(ge=1, le=30)] = 6
    idle: Annotated[int, Field(ge=5, le=600)] = 80
    after_wrong: dict[MenuChannelName, Target] = {}


class PhrasesRow(MenuFileRow):
    option: ChannelText
    next: ChannelText
    back: ChannelText
    exit: ChannelText
    again: ChannelText
    human: ChannelText
    wrong: ChannelText
    wrong_short: ChannelText
    too_many: ChannelText
    too_long: ChannelText
    goodbye: ChannelText
    by_sms: ChannelText
    late: ChannelText
    sorry: ChannelText
    unknown: ChannelText | None = None


class MenuFile(MenuFileRow):
    """One file of conf/menus. A section may stand in any of the files."""

    entries: dict[MenuChannelName, dict[str, Target]] = {}
    paths: dict[str, DialPathRow] = {}
    limits: BookLimitsRow | None = None
    phrases: PhrasesRow | None = None
    endings: dict[EndingName, Target] = {}
    human: Target | None = None
    redial: Target | None = None
    unanswered: Target | None = None
    unattended: Target | None = None
    talked: Target | None = None
    fields: dict[Name, FieldRow] = {}
    offers: dict[Name, ScreenOfferRow] = {}
    announcements: dict[Name, AnnouncementRow] = {}
    screens: dict[Name, ScreenRow] = {}
