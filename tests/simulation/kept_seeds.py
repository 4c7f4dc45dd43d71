"""Seeds whose stories went wrong once, and why. They are told again in every run, for ever.

A seed means a story only together with what may happen in it: whoever lets more happen (`people`,
`diallers`, `callers`, `troubles`) draws it behind what is drawn now, so that these stay what they
were.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class KeptSeed(NamedTuple):
    seed: int
    why: str


KEPT: Final = (
    KeptSeed(67, "one gateway, two binds: what came again by the other was taken for new"),
    KeptSeed(95, "answered a minute late, and refused since, it came again by its bind"),
)

OPEN: Final = {
    84: "unproven when its gateway drained: the same word, written later, is a repetition of it",
    164: "no answer to one word among several alike",
    430: "of nine parts written one was not served",
    436: "digits of a password stand in the store: by chance, or not, nobody has looked yet",
}
"""Seeds that go wrong, and what is known of it. Faults to be mended, not excuses: whoever mends one
moves its seed to those that are kept."""
