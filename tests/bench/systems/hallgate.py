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
  url: sqlite:///{store}
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
    """`options` are further --set KEY=VALUE, to try a setting out."""

    options: tuple[str, ...] = ()
    subscribers: int = SUBSCRIBERS

    @property
    def name(self) -> str:
        return "Hallgate"

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
        configuration = self._configure(template, smsc=free_port())
        self._tell(configuration, "db", "upgrade")
        self._tell(configuration, "db", "sample", "--subscribers", str(self.subscribers))

    def prepared(self, folder: Path) -> Path:
        """The configuration of what was prepared; no SMSC listens there."""
        return _template(folder) / "gateway.yaml"

    @contextmanager
    def running(self, smsc: LoadSmsc, folder: Path, cores: Cores) -> Iterator[Running]:
        for file in _template(folder.parent).glob("hall.db*"):
            shutil.copy(file, folder)
        configuration = self._configure(folder, smsc.port)
        command: list[str | Path] = [PROGRAM, "run", "--config", configuration, *self._set()]
        with started("hallgate", command, cores.measured, folder, grace=15) as gateway:
            try:
                bound(smsc, gateway)
                yield Running(lambda: family(gateway))
            finally:
                smsc.close()  # else its drain waits for an unbind_resp that nobody sends

    def _configure(self, folder: Path, smsc: int) -> Path:
        path = folder / "gateway.yaml"
        path.write_text(
            CONFIGURATION.format(
                store=folder / "hall.db", smsc=smsc, http=free_port(), window=WINDOW
            )
        )
        return path

    def _set(self) -> list[str]:
        return [word for option in self.options for word in ("--set", option)]

    def _tell(self, configuration: Path, *verb: str) -> None:
        command = [str(PROGRAM), *verb, "--config", str(configuration), *self._set()]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            said = (done.stderr or done.stdout).strip()
            raise Unable(f"{' '.join(command)}\nended with status {done.returncode}: {said}")


def _template(folder: Path) -> Path:
    return folder / "hallgate-template"
