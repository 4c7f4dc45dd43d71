"""Kannel as the system under test: bearerbox and smsbox, set up as well as we know how."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulators.load import LoadSmsc
from tests import packages
from tests.bench.host.processes import (
    Cores,
    Unable,
    bound,
    family,
    free_port,
    listens,
    started,
    wait_until,
)
from tests.bench.systems.kannel_balance_service import reply_to
from tests.bench.systems.system import SUBSCRIBERS, WINDOW, Running, says_balance

# Without a larger max-pending-submits (its default is 10) Kannel reaches a quarter of its rate.
CONFIGURATION = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = bench
smsbox-port = {box}
smsbox-interface = 127.0.0.1
smsbox-max-pending = {window}
box-allow-ip = 127.0.0.1
log-level = 4
store-type = file
store-location = "{folder}/kannel.store"

group = smsc
smsc = smpp
smsc-id = load
host = 127.0.0.1
port = {smsc}
transceiver-mode = true
smsc-username = bench
smsc-password = secret
system-type = ""
max-pending-submits = {window}
{alphabet}

group = smsbox
bearerbox-host = 127.0.0.1
log-level = 4
global-sender = 10086

group = sms-service
keyword = default
{service}
max-messages = 3
concatenation = true
"""

ASKS = """\
get-url = "http://127.0.0.1:{backend}/balance?phone=%p"
accept-x-kannel-headers = true"""

STATIC = f'text = "{reply_to(1234)}"'
# Kannel cannot mark a fixed text as UCS-2: the same octets go out under data_coding 0
STATIC_ALPHABET = "alt-charset = UTF-16BE"


def boxes() -> tuple[Path, Path]:
    """bearerbox and smsbox, installed from the distribution's packages if they are not here."""
    packages.install([packages.KANNEL])
    bearerbox = packages.KANNEL.find()
    if bearerbox is None:
        raise Unable(
            "Kannel is not on this machine and could not be installed. As root: apt-get install"
            " kannel. Or measure without it: python -m tests.bench --only hallgate"
        )
    return bearerbox, bearerbox.with_name("smsbox")


@dataclass(frozen=True, slots=True)
class Kannel:
    """With `asks`, each message asks an HTTP service for the balance; else a fixed text."""

    asks: bool = True

    @property
    def name(self) -> str:
        return "Kannel, get-url" if self.asks else "Kannel, static text"

    @property
    def durable(self) -> str:
        return "file store, no fsync; MO acknowledged before it is served"

    def prepare(self, folder: Path) -> None:
        boxes()

    def right(self, subscriber: int, words: str) -> bool:
        return not self.asks or says_balance(subscriber, words)

    @contextmanager
    def running(self, smsc: LoadSmsc, folder: Path, cores: Cores) -> Iterator[Running]:
        backend, admin, box = free_port(), free_port(), free_port()
        configuration = folder / "kannel.conf"
        configuration.write_text(
            CONFIGURATION.format(
                admin=admin,
                box=box,
                smsc=smsc.port,
                folder=folder,
                window=WINDOW,
                service=ASKS.format(backend=backend) if self.asks else STATIC,
                alphabet="" if self.asks else STATIC_ALPHABET,
            )
        )
        bearerbox_program, smsbox_program = boxes()
        with ExitStack() as stack:
            if self.asks:
                self._start_backend(stack, backend, folder, cores)
            bearerbox = stack.enter_context(_box(bearerbox_program, configuration, folder, cores))
            bound(smsc, bearerbox)
            wait_until("bearerbox takes boxes", lambda: listens(box), bearerbox)
            smsbox = stack.enter_context(_box(smsbox_program, configuration, folder, cores))
            wait_until("smsbox joins bearerbox", lambda: _has_smsbox(admin), smsbox)
            yield Running(lambda: [*family(bearerbox), *family(smsbox)])

    def _start_backend(self, stack: ExitStack, port: int, folder: Path, cores: Cores) -> None:
        command = (sys.executable, "-m", "tests.bench.systems.kannel_balance_service", str(port))
        backend = stack.enter_context(
            started("backend", (*command, "--subscribers", str(SUBSCRIBERS)), cores.others, folder)
        )
        wait_until("the balance service listens", lambda: listens(port), backend)


def _box(
    program: Path, configuration: Path, folder: Path, cores: Cores
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    command = (program, "-v", "4", configuration)
    # its orderly end would wait ten seconds for an SMSC that is gone, and nothing of it is kept
    return started(program.name, command, cores.measured, folder, grace=0.5)


def _has_smsbox(admin: int) -> bool:
    url = f"http://127.0.0.1:{admin}/status.txt?password=bench"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as response:
            status: str = response.read().decode("latin-1")
    except OSError:
        return False
    # an MO that comes before the first box waits for the next one: do not load it earlier
    return "smsbox:" in status
