"""Which SMSC a link leads to: binds to one SMSC are one group, whichever gateway has them."""

from __future__ import annotations

from collections.abc import Mapping


class SmscGroups:
    """By the names of links. A link that is not known is an SMSC of its own."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._smscs = dict(known or {})

    def of(self, link: str) -> str:
        return self._smscs.get(link, link)

    def __contains__(self, link: object) -> bool:
        return link in self._smscs

    def learn(self, link: str, smsc: str) -> None:
        """Another gateway has this link."""
        self._smscs[link] = smsc
