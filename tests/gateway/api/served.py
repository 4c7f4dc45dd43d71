"""A gateway's desk beside a console: what is said to it stands in the journal as it would."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gateway.config.sources import read_settings
from gateway.model.address import Address
from gateway.model.message_id import MessageIds
from gateway.model.messages import CallInput, ScreenAct, UssdInput
from gateway.ops.log import Log
from gateway.serving.batch import BatchServer
from gateway.serving.beside.counter import Outsider, counter_beside
from gateway.serving.work import DeskWork
from tests.gateway.api.console import Console
from tests.gateway.messages import Mailbag

ZHANG = "13800138001"
IDS = MessageIds(5, time.time)


@contextmanager
def desk_beside(hall: Console) -> Iterator[BatchServer]:
    settings = read_settings(None, [f"store.url={hall.store.engine.url}"], {})
    with counter_beside(settings, hall.store, time.time, Log(), Outsider()) as counter:
        yield counter


def said(desk: BatchServer, text: str, phone: str = ZHANG) -> int:
    """A short message that a gateway has answered; its id."""
    message = Mailbag().arrived(text, phone)._replace(id=IDS.next())
    return served(desk, message._replace(fingerprint=message.id.to_bytes(8, "big")))


def typed(desk: BatchServer, text: str, act: ScreenAct = ScreenAct.ON) -> int:
    id = IDS.next()
    phone, code = Address.international(ZHANG), Address.service("139")
    mark = id.to_bytes(8, "big")
    return served(desk, UssdInput(id, 1, "ussd-a", mark, ZHANG, phone, code, act, "s1", text))


def pressed(desk: BatchServer, keys: str, act: ScreenAct = ScreenAct.ON) -> int:
    number = Address.service("10086")
    return served(desk, CallInput(IDS.next(), "pbx-a", "c1", act, ZHANG, number, keys))


def served(desk: BatchServer, message: Any) -> int:
    work: DeskWork = message
    desk.serve([work])
    return int(message.id)
