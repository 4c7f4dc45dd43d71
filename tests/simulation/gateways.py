"""Gateways: the real program, on a process of this world, started again when it has died."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from inspect import CORO_CLOSED, getcoroutinestate
from io import BytesIO
from pathlib import Path
from typing import Any, Final, cast

from twisted.internet.defer import Deferred

from gateway.app import Gateway, gateway
from gateway.config.settings import Settings
from gateway.machine import Machine
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import Log
from tests.simulation import template
from tests.simulation.network import Network, NetworkedProcess
from tests.simulation.store import StoreTrouble, TroubledStore
from tests.simulation.world import Killed

RESTART: Final = (0.5, 8.0)  # seconds until whoever watches over it starts it again


class _Asked(Exception):
    """It ends before it was open."""


@dataclass
class _Digits:
    """commands.model.hall.RandomSource."""

    network: Network

    def digits(self, count: int) -> str:
        return f"{self.network.world.chance.randrange(10**count):0{count}d}"


class Place:
    """Where a gateway runs, one process after the other, always on the same store."""

    def __init__(
        self, name: str, network: Network, settings: Settings, trouble: StoreTrouble
    ) -> None:
        self.name = name
        self.log = BytesIO()
        self.gateway: Gateway | None = None
        self.process = NetworkedProcess(network.world, name, network)
        self.process.alive = False  # not started yet
        self.deaths: list[float] = []  # when
        self.lives: list[tuple[float, str]] = []  # when each began, and its name among the members
        self.frozen: list[tuple[float, float]] = []
        self.cut_off: list[tuple[float, float]] = []  # from the store
        self.buried: set[str] | None = None
        """The names of gateways that ran on its machine, and are no more; None: it forgets them, as
        a container does."""
        self.clock_is_wrong = 0.0  # by so many seconds: no two machines agree altogether
        self.opened: Callable[[], None] = lambda: None
        self._over = False
        self._network = network
        self._world = network.world
        self._settings = settings
        self._trouble = trouble
        self._keeper = NetworkedProcess(network.world, f"whoever watches over {name}", network)
        self._lives: list[Coroutine[Any, Any, None]] = []  # that are not forgotten yet
        self._stop: Deferred[None] = Deferred()

    def start(self) -> None:
        if self._over:
            return
        self._world.tell(self.name, "starts")
        process = self.process = NetworkedProcess(self._world, self.name, self._network)
        process.dying.append(self._died)
        self._stop = Deferred()
        self._lives.append(self._run(process))
        Deferred.fromCoroutine(self._lives[-1])

    def freeze(self, seconds: float) -> None:
        self._world.tell(self.name, f"stands still for {seconds:.1f} s")
        self.frozen.append((self._world.now, self._world.now + seconds))
        self.process.freeze(seconds)

    def cut_off_from_the_store(self, seconds: float) -> None:
        self._world.tell(self.name, f"is cut off from the store for {seconds:.1f} s")
        until = self._world.now + seconds
        self.cut_off.append((self._world.now, until))
        self._trouble.cut_off[self.name] = until

    def kill(self, why: str = "is killed") -> None:
        if self.process.alive:
            self._world.tell(self.name, why)
            self.process.kill()

    def stop(self) -> None:
        """In order, as after SIGTERM."""
        self._world.tell(self.name, "is asked to end")
        self.process.callLater(0, self._end_soon)

    def _end_soon(self) -> None:
        if not self._stop.called:
            self._stop.callback(None)

    def end(self) -> None:
        """The same, and for good."""
        self._over = True
        self.stop()

    def leave(self) -> None:
        """The story is over, however it went."""
        self._over = True
        self.process.kill()
        self._forget()  # also who died so late that whoever watches over it did not come to it

    # -- its life --------------------------------------------------------------------------------

    async def _run(self, process: NetworkedProcess) -> None:
        log = Log(self.log, self._wall)
        reactor = cast(IHallReactor, process)
        try:
            async with gateway(
                self._settings,
                reactor,
                log,
                self._wall,
                machine=self._machine(process),
                go_on=self._go_on,
                lost=self.stop,
            ) as self.gateway:
                self._world.tell(self.name, "is open")
                self.opened()
                await self._stop
        except _Asked:
            pass
        except Exception as error:  # it says so, and its end is seen by who watches over it
            if process.alive:
                self._world.tell(self.name, f"ends: {type(error).__name__}: {error}")
        if process.alive:
            process.kill()

    def _wall(self) -> float:
        return self._world.wall() + self.clock_is_wrong

    def _go_on(self) -> None:
        """While another serves, and it waits: it may be asked to end."""
        if self._stop.called:
            raise _Asked

    def _machine(self, process: NetworkedProcess) -> Machine:
        chance = self._world.chance
        name = f"{self.name}-{chance.randrange(2**32):08x}"
        self.lives.append((self._world.wall(), name))
        process.dying.append(lambda: self.buried.add(name) if self.buried is not None else None)
        return Machine(
            chance=chance.random,
            digits=_Digits(self._network),
            name=lambda now: f"machine 1 {name} {name} host {int(now)}",
            is_dead=lambda other: other.split(" ")[2] in (self.buried or ()),
            since_boot=process.seconds,
            desk_threads=lambda settings: 0,
            thread=process.repeated,
            snapshot=template.snapshot,
            listener=lambda port: None,  # the exchange runs elsewhere
            needed_sounds=template.needed_sounds,
            store=lambda settings: TroubledStore(settings, process, self._trouble),
        )

    def _died(self) -> None:
        self.deaths.append(self._world.now)
        self.gateway = None
        self._keeper.callLater(0, self._forget)
        if not self._over:
            self._keeper.callLater(self._world.chance.uniform(*RESTART), self.start)

    def _forget(self) -> None:
        """What a dead process would have done at its end is not done."""
        died, self._lives = self._lives, []
        for life in died:
            try:
                # it waits again and again, for what never comes
                while getcoroutinestate(life) != CORO_CLOSED:
                    life.throw(Killed())
            except (Killed, StopIteration):
                pass  # it is over


def place(
    name: str,
    network: Network,
    store: Path,
    trouble: StoreTrouble,
    sections: dict[str, Any],
) -> Place:
    """`sections` of its configuration."""
    return Place(name, network, template.settings_of(store, **sections), trouble)
