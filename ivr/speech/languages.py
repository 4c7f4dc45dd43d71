"""The languages that are spoken, and what every one of them can say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Protocol

from ivr.speech.chinese import SpokenChinese
from ivr.speech.english import SpokenEnglish
from ivr.speech.sound import CountedUnit, Sound


class SpokenLanguage(Protocol):
    """What every language can say. All raise Unspeakable for what has no words."""

    def number(self, number: int) -> list[Sound]:
        """-1050: 负一千零五十."""

    def counted(self, number: int) -> list[Sound]:
        """2, before what it counts: 两."""

    def amount(self, fen: int) -> list[Sound]:
        """200530: 两千零五元三角."""

    def digits(self, digits: str) -> list[Sound]:
        """13800: 幺三八零零. Also * and #."""

    def whole_date(self, day: date) -> list[Sound]:
        """二零二六年十一月三十日."""

    def day(self, day: date) -> list[Sound]:
        """十一月三十日."""

    def year_month(self, year: int, month: int) -> list[Sound]:
        """二零二六年十一月."""

    def month(self, month: int) -> list[Sound]:
        """十一月."""

    def hour(self, hour: int) -> list[Sound]:
        """二十点."""

    def time(self, moment: datetime) -> list[Sound]:
        """二十点零五分."""

    def duration(self, minutes: int) -> list[Sound]:
        """135: 两小时十五分钟."""

    def data(self, megabytes: int) -> list[Sound]:
        """1229: 一点二零G."""

    def gigabytes(self, count: int) -> list[Sound]:
        """40, written without places: 四十G."""

    def decimal(self, whole: int, places: str) -> list[Sound]:
        """2, 05: 二点零五."""

    def count(self, number: int, what: CountedUnit) -> list[Sound]:
        """2, 条: 两条."""

    def text(self, sounds: Sequence[Sound]) -> str:
        """What these sounds say, one after the other."""

    def vocabulary(self) -> list[Sound]:
        """Every sound that there can be."""


SPOKEN_LANGUAGES: Final[Mapping[str, SpokenLanguage]] = {
    "zh": SpokenChinese(),
    "en": SpokenEnglish(),
}
