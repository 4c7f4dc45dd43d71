"""The strip of the overview: is it well, in one line for each part of the hall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.console.pages import Words
from gateway.console.told_texts import text_told
from gateway.console.watching.gateway_pages import Course, Reading
from gateway.console.watching.store_look import StoreLook
from gateway.editions.watching import ITSELF

_OLD: Final = (30.0, 120.0)  # seconds that the oldest message has waited: look, and not well
_SLOW: Final = (0.2, 1.0)  # seconds for an answer of the store
_FAILED: Final = (0.005, 0.02)  # share of requests that failed by our own mistake
_QUEUE: Final = (500, 2_000)  # requests taken in and not served
_ERRANDS: Final = 1_000  # that wait for the BOSS
_FEW: Final = 20  # requests: of fewer no share is told


NO_WORDS: Final = Words("", "")


class Level(StrEnum):
    WELL = "well"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`value` is what is told large; `detail` what stands under it."""

    key: str
    name: Words
    level: Level
    value: str
    detail: Words = NO_WORDS

    @property
    def alarms(self) -> bool:
        return self.level in (Level.WARNING, Level.BAD)

    @property
    def known(self) -> bool:
        return self.level is not Level.UNKNOWN


def verdicts(course: Course, look: StoreLook | None) -> list[Verdict]:
    """Without a look: the store did not answer."""
    last = course.last
    return [
        _links(last),
        _calls(last),
        _queue(last),
        _boss(last),
        _store(look),
        _outbox(look),
        _failures(course),
        _edition(look),
    ]


def _links(last: Reading | None) -> Verdict:
    key, name = "links", Words("链路", "Links")
    if last is None:
        return _unknown(key, name)
    silent = [one for one in last.gateways if not one.answered]
    if len(silent) == len(last.gateways):
        told = Words("网关没有应答", "no gateway answers")
        return Verdict(key, name, Level.BAD, "—", told)
    states = link_states(last)
    up = sum(states.values())
    down = sorted(link for link, serves in states.items() if not serves)
    level = Level.WELL if not down and not silent else Level.BAD if not up else Level.WARNING
    names = "、".join(down[:3])
    detail = Words(f"断开:{names}", f"down: {', '.join(down[:3])}") if down else NO_WORDS
    if silent and not down:
        detail = Words(f"{len(silent)} 个网关没有应答", f"{len(silent)} gateways do not answer")
    return Verdict(key, name, level, f"{up}/{len(states)}", detail)


def link_states(last: Reading) -> dict[str, bool]:
    """Each link serves if any gateway has it up."""
    found: dict[str, bool] = {}
    for labels, value in last.each("hallgate_link_up"):
        link = labels.get("link", "?")
        found[link] = found.get(link, False) or value > 0
    return found


def _calls(last: Reading | None) -> Verdict:
    key, name = "calls", Words("通话", "Calls")
    if last is None or not any(one.answered for one in last.gateways):
        return _unknown(key, name)
    return Verdict(key, name, Level.WELL, f"{last.total('hallgate_calls'):.0f}")


def _queue(last: Reading | None) -> Verdict:
    key, name = "queue", Words("处理队列", "Queue")
    if last is None or not any(one.answered for one in last.gateways):
        return _unknown(key, name)
    waiting = last.total("hallgate_desk_unfinished")
    return Verdict(key, name, _level(waiting, *_QUEUE), f"{waiting:.0f}")


def _boss(last: Reading | None) -> Verdict:
    key, name = "boss", Words("业务系统", "BOSS")
    if last is None or not any(one.answered for one in last.gateways):
        return _unknown(key, name)
    if not list(last.each("hallgate_boss_open")):
        told = Words("未配置,本系统自办", "not configured: done here")
        return Verdict(key, name, Level.WELL, "—", told)
    waiting = last.total("hallgate_errands_waiting")
    detail = Words(f"{waiting:.0f} 件待办", f"{waiting:.0f} waiting")
    if last.total("hallgate_boss_open"):
        told = Words(f"没有应答,{detail.zh}", f"does not answer, {detail.en}")
        return Verdict(key, name, Level.BAD, "✕", told)
    return Verdict(key, name, Level.WARNING if waiting > _ERRANDS else Level.WELL, "✓", detail)


def _store(look: StoreLook | None) -> Verdict:
    key, name = "store", Words("数据库", "Store")
    if look is None:
        return Verdict(key, name, Level.BAD, "✕", Words("没有应答", "does not answer"))
    return Verdict(key, name, _level(look.took, *_SLOW), f"{look.took * 1000:.0f} ms")


def _outbox(look: StoreLook | None) -> Verdict:
    key, name = "outbox", Words("待发短信", "Outbox")
    if look is None:
        return _unknown(key, name)
    age = look.oldest_age
    detail = Words(f"{look.waiting} 条", f"{look.waiting} messages")
    return Verdict(key, name, _level(age, *_OLD), f"{age:.0f} s", detail)


def _failures(course: Course) -> Verdict:
    key, name = "failures", Words("故障率", "Failures")
    if course.last is None or not any(one.answered for one in course.last.gateways):
        return _unknown(key, name)
    if course.seconds <= 0:  # one look says nothing of a share
        return Verdict(key, name, Level.UNKNOWN, "—", Words("正在统计", "counting"))
    asked = course.grown("hallgate_requests_total")
    failed = course.grown("hallgate_requests_total", result="failed")
    minutes = f"{course.seconds / 60:.0f}"
    detail = Words(f"{asked:.0f} 次请求 / {minutes} 分钟", f"{asked:.0f} requests in {minutes} min")
    share = failed / asked if asked else 0.0
    level = Level.WELL if not failed or asked < _FEW else _level(share, *_FAILED)
    return Verdict(key, name, level, f"{share:.1%}", detail)


def _edition(look: StoreLook | None) -> Verdict:
    """One that the hall has taken back by itself is an alarm until somebody decides again."""
    key, name = "edition", Words("配置版本", "Edition")
    if look is None:
        return _unknown(key, name)
    if (last := look.decided) is None:
        return Verdict(key, name, Level.WELL, "—", Words("没有发布过", "nothing was published"))
    if last.author == ITSELF:
        why = Words(text_told(last.reason, "zh"), last.reason)
        told = Words(f"系统已自动回退:{why.zh}", f"taken back by itself: {why.en}")
        return Verdict(key, name, Level.WARNING, last.version, told)
    if last.canary:
        told = Words(f"{last.canary} 灰度中", f"{last.canary} is tried out")
        return Verdict(key, name, Level.WELL, last.version, told)
    return Verdict(key, name, Level.WELL, last.version)


def _level(value: float, look: float, bad: float) -> Level:
    return Level.BAD if value >= bad else Level.WARNING if value >= look else Level.WELL


def _unknown(key: str, name: Words) -> Verdict:
    return Verdict(key, name, Level.UNKNOWN, "—", Words("网关没有应答", "no gateway answers"))


def reasons(last: Reading | None) -> Iterator[tuple[str, str]]:
    """Why gateways are not ready, as they say it, by their address."""
    for gateway in last.gateways if last else ():
        for reason in gateway.reasons:
            yield gateway.address, reason
