"""Why a message was answered as it was: kept with it in the journal, in one short text.

It holds names only: of texts, commands, menus. Never words of a message, never a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class AnswerReason(NamedTuple):
    """`how` it was understood; `also`: codes of the commands that it could have meant as well;
    `says`: the texts that answered it; `menu`: the version of the menus that were walked; `path`:
    what was chosen there, as screen/option."""

    how: str = ""
    also: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    menu: str = ""
    path: tuple[str, ...] = ()


def packed(
    how: str,
    says: Iterable[str],
    also: Sequence[str] = (),
    menu: str = "",
    path: Sequence[str] = (),
) -> str:
    """code;q.balance;;; in the order of how, says, also, menu, path; empty ends are left out."""
    told = f"{how};{','.join(says)}"
    if also or menu or path:
        told = f"{told};{','.join(also)};{menu};{','.join(path)}"
    return told.rstrip(";")


def unpacked(written: str) -> AnswerReason:
    """Of a message from before this was kept: nothing."""
    how, says, also, menu, path = (written.split(";") + [""] * 5)[:5]
    return AnswerReason(how, _list(also), _list(says), menu, _list(path))


def _list(written: str) -> tuple[str, ...]:
    return tuple(written.split(",")) if written else ()
