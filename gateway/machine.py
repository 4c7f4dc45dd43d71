"""What a gateway takes from the machine that it runs on. A simulation gives it others."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import SystemRandom

from commands.model.hall import RandomSource
from gateway.boss.circuit_breaker import CircuitBreaker
from gateway.boss.client import Boss
from gateway.cluster.identity import holder, is_dead
from gateway.cluster.membership import since_boot
from gateway.config.settings import BossSettings, Settings
from gateway.dialogue.snapshot import HallSnapshot, open_snapshot
from gateway.model.own_thread import OwnThread, Repeated
from gateway.ops.file_access import MachineUser, user_listening_at
from gateway.security.random_digits import SystemRandomDigits
from gateway.store.connection import SERVING
from gateway.store.opening import desk_threads, open_store
from gateway.store.store import Store
from gateway.tts.needed_sounds import wanted
from gateway.tts.sound_folder import Prompt


def _own_name(now: float) -> str:
    return holder(secrets.token_hex(4), now)


def _serving_store(settings: Settings) -> Store:
    return open_store(settings, SERVING)


@dataclass(frozen=True, slots=True)
class Machine:
    chance: Callable[[], float] = SystemRandom().random  # from 0 to 1
    digits: RandomSource = field(default_factory=SystemRandomDigits)
    name: Callable[[float], str] = _own_name
    """Of a gateway that begins at that moment, in seconds since 1970: like no other."""
    is_dead: Callable[[str], bool] = is_dead
    """Whether the gateway of that name ran here, and is there no more."""
    since_boot: Callable[[], float] = since_boot
    desk_threads: Callable[[Settings], int] = desk_threads
    thread: Callable[[str, float, Callable[[], bool]], Repeated] = OwnThread
    snapshot: Callable[[Settings], HallSnapshot] = open_snapshot
    store: Callable[[Settings], Store] = _serving_store
    listener: Callable[[int], MachineUser | None] = user_listening_at
    """As whom a program runs here that listens at a port."""
    needed_sounds: Callable[[HallSnapshot], Sequence[Prompt]] = wanted
    boss: Callable[[BossSettings, CircuitBreaker], Boss] = Boss
