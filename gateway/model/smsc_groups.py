"""Which SMSC a link leads to: binds to one SMSC are one group, whichever gateway has them."""

from __future__ import annotations

from collections.abc import Collection, Mapping


class SmscGroups:
    """By the names of links. A link that is not known is an SMSC of its own."""

    def __init__(
        self, known: Mapping[str, str] | None = None, always: Collection[str] = ()
    ) -> None:
        """`always`: groups that are asked for a receipt of each message."""
        self._smscs = dict(known or {})
        self._always = frozenset(always)

    def of(self, link: str) -> str:
        return self._smscs.get(link, link)

    def tells_always(self, smsc: str) -> bool:
        """Whether this group is asked what becomes of each message."""
        return smsc in self._always

    def __contains__(self, link: object) -> bool:
        return link in self._smscs

    def learn(self, link: str, smsc: str) -> None:
        """Another gateway has this link."""
        self._smscs[link] = smsc
