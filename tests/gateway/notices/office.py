"""A store with subscribers, and people who write notices for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from commands.model.accounts import MonthUsage, Subscription
from gateway.config.sample.people import Persona
from gateway.config.settings import Settings
from gateway.config.unasked.unasked_settings import UnaskedSettings
from gateway.model.notices.notice import Notice, NoticeDraft, NoticeKind, NoticeTarget
from gateway.model.operators.audit import Actor
from gateway.notices.campaigns import Campaigns
from gateway.notices.telling import Telling
from gateway.notices.world import NoticeWorld, read_notice_world
from gateway.store.store import Store
from tests.gateway.messages import NOON
from tests.gateway.store.people import somebody

Done = TypeVar("Done")
NOW = int(NOON)
WRITER, APPROVER = Actor("8001", "test"), Actor("8002", "test")
SERVICE = NoticeDraft("升级", NoticeKind.SERVICE, "系统今晚升级。")
ADVERT = NoticeDraft("流量包", NoticeKind.ADVERTISING, "办理流量包。")


@cache
def world(advertising: str = "opt_in") -> NoticeWorld:
    read = read_notice_world(Settings())
    rules = UnaskedSettings.model_validate({"advertising": advertising})
    return replace(read, rules=rules)


class NoticeOffice:
    def __init__(self, store: Store, rules: NoticeWorld | None = None) -> None:
        self.store = store
        self.world = rules or world()
        self.now = NOW

    def do(self, act: Callable[[Campaigns], Done], who: Actor = WRITER) -> Done:
        with self.store.transaction() as connection:
            return act(Campaigns(connection, self.store.seal, self.world, who, self.now))

    def for_whom(self, **target: object) -> NoticeDraft:
        return replace(SERVICE, target=NoticeTarget.of(dict(target)))

    def size(self, draft: NoticeDraft) -> int:
        """How many it concerns."""
        number = self.do(lambda all: all.add(draft)).number
        return self.do(lambda all: all.preview(number)).drawn.told

    def begun(self, draft: NoticeDraft) -> Notice:
        number = self.do(lambda all: all.add(draft)).number
        return self.do(lambda all: all.approve(number), APPROVER)

    def goes_on(self) -> None:
        """Until there is nothing to do at once."""
        telling = Telling(self.store, self.world)
        while telling.step(self.now):
            pass


def person(
    place: int,
    *,
    services: tuple[str, ...] = (),
    used: int = 0,
    ended: bool = False,
    **account: Any,
) -> Persona:
    """13800138000 and so many."""
    plain = somebody(str(13_800_138_000 + place))
    until = NOW - 1 if ended else 0
    return somebody(
        plain.account.msisdn,
        account=replace(plain.account, **account),
        subscriptions=tuple(Subscription(code, NOW - 1_000, until) for code in services),
        usage=(MonthUsage("data_mb", used),) if used else (),
    )
