"""Who may be sent a notice."""

from __future__ import annotations

from gateway.model.notices.notice import NoticeKind
from gateway.store.notices.audience import Concerned


def refusal(kind: NoticeKind, whom: Concerned, advertising: str) -> str:
    """Why not; empty: they may. `advertising`: opt_in, who asked for it; opt_out, who did not
    refuse. What a service tells about itself concerns everybody."""
    if kind is not NoticeKind.ADVERTISING:
        return ""
    if "red" in whom.classes:
        return "red list"
    if "black" in whom.classes:
        return "black list"
    if whom.wish == "off":
        return "refused advertising"
    if advertising == "opt_in" and whom.wish != "on":
        return "did not ask for advertising"
    return ""
