"""Who may be sent a notice."""

from __future__ import annotations

from commands.classes.customer_classes import CustomerClasses
from gateway.model.notices.notice import NoticeKind
from gateway.store.notices.audience import Concerned


def refusal(kind: NoticeKind, whom: Concerned, classes: CustomerClasses, advertising: str) -> str:
    """Why not; empty: they may. `advertising`: opt_in, who asked for it; opt_out, who did not
    refuse. What a service tells about itself concerns everybody."""
    if kind is not NoticeKind.ADVERTISING:
        return ""
    if spared := [one.code for one in classes.among(whom.classes) if not one.advertising]:
        return f"{spared[0]} list"
    if whom.wish == "off":
        return "refused advertising"
    if advertising == "opt_in" and whom.wish != "on":
        return "did not ask for advertising"
    return ""
