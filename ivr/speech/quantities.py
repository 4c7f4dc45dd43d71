"""Numbers, counts, durations and amounts of data: said alike in all languages, of their own
sounds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from ivr.speech.sound import GIGABYTE, CountedUnit, Sound, speakable_size


class SpokenQuantities(ABC):
    """What a language is made from. Numbers given to what it has to say are never negative."""

    minus: ClassVar[Sound]
    point: ClassVar[Sound]
    giga: ClassVar[Sound]
    mega: ClassVar[Sound]

    @abstractmethod
    def whole(self, number: int) -> list[Sound]:
        """A number alone."""

    def counted(self, number: int) -> list[Sound]:
        """A number before what it counts."""
        return self.whole(number)

    @abstractmethod
    def digit(self, digit: int) -> Sound:
        """One place behind the point."""

    @abstractmethod
    def unit(self, what: CountedUnit, number: int) -> Sound:
        """What so many are called."""

    def number(self, number: int) -> list[Sound]:
        return self.signed(number, self.whole(speakable_size(number)))

    def count(self, number: int, what: CountedUnit) -> list[Sound]:
        size = speakable_size(number)
        return self.signed(number, [*self.counted(size), self.unit(what, size)])

    def duration(self, minutes: int) -> list[Sound]:
        hours, rest = divmod(speakable_size(minutes), 60)
        said = self.count(hours, CountedUnit.HOURS) if hours else []
        if rest or not hours:
            said += self.count(rest, CountedUnit.MINUTES)
        return self.signed(minutes, said)

    def data(self, megabytes: int) -> list[Sound]:
        size = speakable_size(megabytes)
        if size < GIGABYTE:
            return self.signed(megabytes, [*self.counted(size), self.mega])
        # as it is written: two places, rounded
        whole, places = f"{size / GIGABYTE:.2f}".split(".")
        return self.signed(megabytes, [*self.decimal(int(whole), places), self.giga])

    def gigabytes(self, count: int) -> list[Sound]:
        return self.signed(count, [*self.counted(speakable_size(count)), self.giga])

    def decimal(self, whole: int, places: str) -> list[Sound]:
        said = self.whole(speakable_size(whole))
        return [*said, self.point, *(self.digit(int(place)) for place in places)]

    def signed(self, number: int, said: list[Sound]) -> list[Sound]:
        return [self.minus, *said] if number < 0 else said
