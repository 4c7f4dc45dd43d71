"""What it means to belong to a class of customers, as conf/classes.yaml says it. Who belongs to
which stands in lists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tariffs.bilingual_name import BilingualName

NOTHING_RAISED: Final[Mapping[str, int]] = {}


@dataclass(frozen=True, slots=True)
class CustomerClass:
    """One class. Operations are those of conf/commands.yaml."""

    code: str  # vip, red, black: as menus and lists name it
    name: BilingualName
    first: bool = False  # on calls: before others in the queue
    star: int = 0  # treated as who has so many stars, at least
    queue: str = ""  # the queue of the exchange that these callers wait in; empty: everybody's
    advertising: bool = True  # may be recommended something, or sent an advertisement
    unlimited: bool = False  # not refused for having asked too much in an hour
    refused: frozenset[str] = frozenset()  # operations; what gives up or protects goes on
    barred: bool = False  # the hall does not serve these numbers; what protects goes on
    says: BilingualName | None = None  # in these words; None: the hall's own
    only: frozenset[str] = frozenset()  # operations that this class may, and others may not
    proof: Mapping[str, int] = field(default_factory=lambda: NOTHING_RAISED)
    """By operation: what must be proven at least, 2 for A2."""


class ClassRefusal(NamedTuple):
    """`by` forbids it; else it is `only` for others."""

    by: CustomerClass | None
    only: tuple[CustomerClass, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerClasses:
    """All there are, those that come first before others."""

    known: tuple[CustomerClass, ...] = ()
    restricted: frozenset[str] = field(init=False)  # operations that not everybody may
    raised: frozenset[str] = field(init=False)  # operations of which some must prove more
    bars: bool = field(init=False)  # whether any class is not served at all

    def __post_init__(self) -> None:
        restricted = (operation for one in self.known for operation in one.refused | one.only)
        raised = (operation for one in self.known for operation in one.proof)
        object.__setattr__(self, "restricted", frozenset(restricted))
        object.__setattr__(self, "raised", frozenset(raised))
        object.__setattr__(self, "bars", any(one.barred for one in self.known))

    def among(self, names: Collection[str]) -> Iterator[CustomerClass]:
        """Of what somebody is listed as, that which means anything."""
        return (one for one in self.known if one.code in names) if names else iter(())

    def refusal(self, operation: str, names: Collection[str]) -> ClassRefusal | None:
        """Why who belongs to these may not do it; None if they may."""
        if operation not in self.restricted:
            return None
        mine = list(self.among(names))
        for one in mine:
            if operation in one.refused:
                return ClassRefusal(one)
        reserved = tuple(one for one in self.known if operation in one.only)
        if reserved and not any(one in reserved for one in mine):
            return ClassRefusal(None, reserved)
        return None

    def barred(self, names: Collection[str]) -> CustomerClass | None:
        """The class for which the hall serves nobody who belongs to these; None: it does."""
        return next((one for one in self.among(names) if one.barred), None)

    def proof(self, operation: str, names: Collection[str]) -> int:
        """What these must have proven for it, at least."""
        return max((one.proof.get(operation, 0) for one in self.among(names)), default=0)

    def may_be_advertised_to(self, names: Collection[str]) -> bool:
        return all(one.advertising for one in self.among(names))


NO_CLASSES: Final = CustomerClasses()
