"""Links to SMSCs: who has a bind, what is ordered of them, and ordering otherwise."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, model_validator

from gateway.api.act import Act
from gateway.api.guard import Routes
from gateway.api.models import Asked, AskedReason, Moment, Told, moment_or_none
from gateway.model.link_orders import HIGHEST_RATE, LinkOrder, LinkState
from gateway.model.operators.rights import Right
from gateway.operators.links import LinkView, changed, links_seen, order_link, told

routes = Routes("links")
READ, CHANGE = Right("read", "links"), Right("change", "links")
_LONGEST: Final = 100


class LinkOrderForm(Asked):
    """`state` open: as it is configured; paused: nothing leaves by it; drained: it is unbound. What
    is left out stays."""

    link: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    state: LinkState | None = None
    rate: Annotated[
        int | None,
        Field(
            ge=0,
            le=HIGHEST_RATE,
            description="parts a second, by all gateways together; 0: as many as the peer takes",
        ),
    ] = None
    reason: AskedReason

    @model_validator(mode="after")
    def _something(self) -> LinkOrderForm:
        if self.state is None and self.rate is None:
            raise ValueError("say what is to change: state, or rate")
        return self


class LinkTold(Told):
    """`gateways`: the slots of those that have a bind open now. `operator` is empty while nothing
    was ordered."""

    name: str
    gateways: list[int]
    state: LinkState
    rate: int
    operator: str
    reason: str
    changed_at: Moment | None


class LinksTold(Told):
    links: list[LinkTold]


@routes.get("/links", READ)
def list_links(act: Act) -> LinksTold:
    """Every link of a gateway, or of an order."""
    return LinksTold(links=[_told(one) for one in _seen(act)])


@routes.post("/links/orders", CHANGE, refusals=(404, 409))
def order(act: Act, form: LinkOrderForm) -> LinkTold:
    """All gateways obey within seconds, also those that come up later."""
    seen = _seen(act)
    before = next((one.order for one in seen if one.name == form.link), None)
    state, rate = changed(before, form.state, form.rate)
    wanted = LinkOrder(form.link, state, rate, act.operator.number, form.reason, act.now)
    done = order_link(act.connection, seen, wanted)
    act.note(reason=form.reason, result=told(done))
    there = next(one for one in seen if one.name == form.link)
    return _told(there._replace(order=done))


def _seen(act: Act) -> list[LinkView]:
    configured = [link.name for link in act.context.settings.smpp.links]
    return links_seen(act.connection, configured)


def _told(one: LinkView) -> LinkTold:
    order = one.order
    return LinkTold(
        name=one.name,
        gateways=list(one.gateways),
        state=order.state if order else LinkState.OPEN,
        rate=order.rate if order else 0,
        operator=order.operator if order else "",
        reason=order.reason if order else "",
        changed_at=moment_or_none(order.changed_at) if order else None,
    )
