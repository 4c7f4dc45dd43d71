"""An ear that listens to sounds as a caller hears them, one behind the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.ivr.telephones.strange_ear import WINDOW, StrangeEar
from tests.ivr.telephones.understood import understood


def listened(
    ear: StrangeEar, sounds: Sequence[tuple[str, bytes]], language: str
) -> Iterator[tuple[list[str], str]]:
    """Texts that were heard together, and what was understood of them. What is longer than the ear
    takes at once is heard in halves; so is that of which it misses more than half, for it has lost
    its place then, and says one letter for ever or nothing."""
    texts = [text for text, _ in sounds]
    octets = b"".join(octets for _, octets in sounds)
    if len(sounds) == 1 or len(octets) <= WINDOW:
        back = ear.hears(octets, language)
        found = understood(" ".join(texts), back, language)
        if len(sounds) == 1 or found.wrong * 2 <= found.said:
            yield texts, back
            return
    middle = len(sounds) // 2
    yield from listened(ear, sounds[:middle], language)
    yield from listened(ear, sounds[middle:], language)
