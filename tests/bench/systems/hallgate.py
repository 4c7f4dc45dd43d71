"""Hallgate as the system under test: a whole gateway on SQLite, as it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulators.load import LoadSmsc
from tests.bench.host.processes import Cores, Unable, bound, family, free_port, started
from tests.bench.systems.system import SUBSCRIBERS, WINDOW, Running, says_balance

PROGRAM = Path(sys.executable).with_name("hallgate")

CONFIGURATION = """\
store:
  url: {store}
smpp:
  links:
    - name: load
      host: 127.0.0.1
      port: {smsc}
      system_id: bench
      password: secret
      bind: transceiver
      window: {window}
ivr:
  asterisk: []
http:
  listen: 127.0.0.1:{http}
limits:
  queries_per_hour: 0
"""


@dataclass(frozen=True, slots=True)
class Hallgate:
    """`options` are further --set KEY=VALUE, to try a setting out. With several `processes` it has
    two cores."""

    options: tuple[str, ...] = ()
    subscribers: int = SUBSCRIBERS
    processes: int = 1

    @property
    def name(self) -> str:
        return "Hallgate" if self.processes == 1 else f"Hallgate, {self.processes} gateways"

    @property
    def durable(self) -> str:
        return "SQLite, fsync before an MO is acknowledged; effects once"

    def right(self, subscriber: int, words: str) -> bool:
        return says_balance(subscriber, words)

    def prepare(self, folder: Path) -> None:
        """A store with its sample subscribers, copied afresh for every round."""
        if not PROGRAM.exists():
            raise Unable(f"{PROGRAM} is not there: make install")
        template = _template(folder)
        template.mkdir()
        self.fill(self.configure(template, _sqlite(template), free_port()))

    def prepared(self, folder: Path) -> Path:
        """The configuration of what was prepared; no SMSC listens there."""
        return _template(folder) / "gateway.yaml"

    @contextmanager
    def running(self, smsc: LoadSmsc, folder: Path, cores: Cores) -> Iterator[Running]:
        with self.furnished(folder, smsc.port) as configuration:
            command: list[str | Path] = [PROGRAM, "run", *self._several(), "--config"]
            command += [configuration, *self._set()]
            with started("hallgate", command, self._on(cores), folder, grace=15) as gateway:
                try:
                    bound(smsc, gateway, 30.0 * self.processes, self.processes)
                    yield Running(lambda: family(gateway))
                finally:
                    smsc.close()  # else its drain waits for an unbind_resp that nobody sends

    @contextmanager
    def furnished(self, folder: Path, smsc: int) -> Iterator[Path]:
        """Its configuration, over a store with the sample subscribers."""
        for file in _template(folder.parent).glob("hall.db*"):
            shutil.copy(file, folder)
        yield self.configure(folder, _sqlite(folder), smsc)

    def configure(self, folder: Path, store: str, smsc: int) -> Path:
        path = folder / "gateway.yaml"
        path.write_text(
            CONFIGURATION.format(store=store, smsc=smsc, http=free_port(), window=WINDOW)
        )
        return path

    def fill(self, configuration: Path) -> None:
        self._tell(configuration, "db", "upgrade")
        self._tell(configuration, "db", "sample", "--subscribers", str(self.subscribers))

    def _several(self) -> list[str]:
        return [] if self.processes == 1 else ["--processes", str(self.processes)]

    def _on(self, cores: Cores) -> str:
        """Which cores."""
        if self.processes == 1:
            return str(cores.measured)
        return f"{cores.measured},{cores.others if cores.second is None else cores.second}"

    def _set(self) -> list[str]:
        return [word for option in self.options for word in ("--set", option)]

    def _tell(self, configuration: Path, *verb: str) -> None:
        command = [str(PROGRAM), *verb, "--config", str(configuration), *self._set()]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            said = (done.stderr or done.stdout).strip()
            raise Unable(f"{' '.join(command)}\nended with status {done.returncode}: {said}")


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'hall.db'}"


def _template(folder: Path) -> Path:
    return folder / "hallgate-template"
