"""Words: a reply's text id and facts -> what a subscriber reads or hears."""

from __future__ import annotations

from collections.abc import Sequence

from commands.vocabulary import Channel, Reply


class Words:
    """All texts of conf/replies, compiled once."""

    def say(self, replies: Sequence[Reply], channel: Channel, language: str) -> str:
        """The main reply and its tips as one text; on SMS with the signature at the end."""
        raise NotImplementedError
