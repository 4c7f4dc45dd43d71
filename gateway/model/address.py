"""Addresses as SMPP has them (SMPP 3.4 §5.2.5, §5.2.6)."""

from __future__ import annotations

from typing import NamedTuple, Self

from commands.mobile_number import mobile_number


class Address(NamedTuple):
    """A type of number, a numbering plan, and what SMPP calls digits."""

    ton: int
    npi: int
    digits: str

    @classmethod
    def service(cls, number: str) -> Self:
        """A number of the operator's own: 10086, or one of its sub-ports."""
        return cls(0, 1, number)

    @classmethod
    def international(cls, msisdn: str) -> Self:
        """A subscriber's, for a message that answers none of theirs."""
        return cls(1, 1, f"86{msisdn}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` wrote."""
        ton, npi, digits = text.split(".", 2)
        return cls(int(ton), int(npi), digits)

    def __str__(self) -> str:
        """As the store keeps it: 1.1.8613800138001."""
        return f"{self.ton}.{self.npi}.{self.digits}"

    @property
    def national(self) -> str:
        """The eleven digits of a mobile number of this country; empty if it is none."""
        return mobile_number(self.digits)

    def at(self, digits: str) -> Self:
        """Another number, written in the same way."""
        return self._replace(digits=digits)
