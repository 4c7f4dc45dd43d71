"""A real Asterisk for tests: fetched once into a folder of this checkout, run in a private one.

Debian's stable releases have no Asterisk, its unstable one has. So its packages are downloaded by
an apt whose state is all in our folder (this machine's mirror and keys, nothing installed,
no root), unpacked side by side, and run with the C library that came along.

    python -m tests.ivr.real_asterisk        fetch it now
"""

from __future__ import annotations

import csv
import fcntl
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.server import Server, free_port
from tests.smpp.certificates import Pair

PROJECT: Final = Path(__file__).parents[2]
HOME: Final = PROJECT / "var" / "asterisk"
OPERATORS: Final = PROJECT / "conf" / "asterisk"
SECRET: Final = "secret"
TESTER: Final = "tester"
"""An AMI account that may do everything."""

CALL_RECORDS: Final = "hall.txt"
RECORD_MODULES: Final = "res_cdrel_custom cdr_custom func_cdr"
RECORD: Final = ",".join(
    f"${{CSV_QUOTE(${{CDR({name})}})}}"
    for name in ("src", "hall_keys", "hall_screens", "hall_agent", "hall_outcome")
)
"""A line of them."""

MODULES: Final = """
    res_timing_timerfd res_speech res_agi res_rtp_asterisk res_musiconhold res_sorcery_config
    res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip res_pjsip_session res_pjsip_sdp_rtp
    res_pjsip_pubsub res_pjsip_dtmf_info res_pjsip_caller_id res_pjsip_authenticator_digest
    res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user
    res_pjsip_endpoint_identifier_anonymous res_pjsip_rfc3326 res_pjsip_maintenance chan_pjsip
    pbx_config
    bridge_simple bridge_softmix bridge_native_rtp bridge_holding bridge_builtin_features
    app_read app_playback app_senddtmf app_dtmfstore app_queue app_dial app_stack app_exec
    app_channelredirect
    app_verbose app_record app_mixmonitor app_echo app_milliwatt app_playtones app_userevent
    func_callerid func_channel func_timeout func_logic func_strings func_global func_uri
    func_hangupcause func_dialplan func_groupcount
    format_pcm format_wav format_gsm format_sln codec_gsm codec_ulaw codec_alaw codec_a_mu
    codec_resample
"""


class CannotFetch(Exception):
    """There is no Asterisk for this machine; the text says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a distribution keeps an Asterisk."""

    origin: str
    suite: str  # empty: the machine's own
    components: str
    keyring: Path


SOURCES: Final = (
    Source("Debian", "sid", "main", Path("/usr/share/keyrings/debian-archive-keyring.gpg")),
    Source("Ubuntu", "", "main universe", Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg")),
)


def fetched() -> Path:
    """The folder with Asterisk and all that it needs; fetched now if it is not there yet."""
    root = HOME / "root"
    if not root.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        with open(HOME / "lock", "wb") as lock, tempfile.TemporaryDirectory(dir=HOME) as folder:
            # several processes of one run ask at once; one of them fetches
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not root.exists():
                _unpack(_download(Path(folder)), Path(folder) / "root")
                (Path(folder) / "root").rename(root)
    return root


def _download(folder: Path) -> list[Path]:
    for name in ("state/lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "sources.list").write_text(_source_line())
    where = {
        "Dir::State": folder / "state",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder / "cache",
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "APT::Sandbox::User": "root",  # its own user may not enter our folder
    }
    options = [f"--option={key}={value}" for key, value in where.items()]
    _run("apt-get", *options, "--quiet=2", "update")
    _run("apt-get", *options, "--quiet=2", "--yes", "--no-install-recommends", "--download-only",
         "install", "asterisk")  # fmt: skip
    return sorted((folder / "cache" / "archives").glob("*.deb"))


def _source_line() -> str:
    """The mirror that this machine uses, and the release that has Asterisk."""
    told = _run(
        "apt-get", "indextargets", "--format", "$(ORIGIN) $(CODENAME) $(REPO_URI)",
        "Created-By: Packages", "Component: main",
    )  # fmt: skip
    for line in told.splitlines():
        origin, codename, mirror = line.split(" ", 2)
        for source in SOURCES:
            if source.origin == origin and "security" not in mirror and source.keyring.exists():
                suite = source.suite or codename
                return f"deb [signed-by={source.keyring}] {mirror} {suite} {source.components}\n"
    raise CannotFetch(
        "the real Asterisk is fetched with apt, whose lists are empty: apt-get update"
    )


def _unpack(packages: list[Path], root: Path) -> None:
    if not packages:
        raise CannotFetch("apt found no package of Asterisk")
    root.mkdir()
    for package in packages:
        _run("dpkg-deb", "--extract", str(package), str(root))


def _run(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CannotFetch(
            f"the real Asterisk is fetched with {command[0]}, which is not here"
        ) from None
    if done.returncode:
        said = done.stderr.strip() or f"it gave {done.returncode}"
        raise CannotFetch(f"cannot fetch the real Asterisk; {command[0]} says: {said}")
    return done.stdout


class Asterisk:
    """One Asterisk with what we give to operators, and a tester's own dialplan beside it."""

    def __init__(
        self, root: Path, tls: Pair | None = None, lacks: frozenset[str] = frozenset()
    ) -> None:
        self.root = root
        self.lacks = lacks
        """Modules that are not loaded."""
        self.dialplan = ""
        """What stands behind ours, when it starts."""
        self.keeps_records = False
        """Whether it writes call detail records, when it starts."""
        self.tls_port = free_port() if tls else 0
        """Of AMI, by the certificate of `tls`."""
        self._tls = tls
        self._server = Server("asterisk", user="", farewell=signal.SIGTERM)
        self.ami_port = self._server.port
        self.sip_port = free_port()
        self.folder = self._server.folder

    def start(self) -> None:
        """Start, and return when calls can come."""
        self._configure()
        libraries = self._libraries()
        loader = next(self.root.glob("usr/lib*/ld-linux*"))
        command = [
            str(loader), "--library-path", f"{libraries}:{libraries / 'asterisk'}",
            str(self.root / "usr/sbin/asterisk"), "-f", "-C", str(self.folder / "asterisk.conf"),
        ]  # fmt: skip
        self._server.start(command, self._booted)

    def stop(self) -> None:
        """End it and forget everything."""
        self._server.stop()

    def still_runs(self) -> None:
        """An Asterisk that crashed is no matter of who was left waiting for it."""
        assert self._server.up, f"Asterisk ended by itself; its last words:\n{self._server.log()}"

    def log(self) -> str:
        """What it wrote last."""
        return self._server.log()

    @property
    def pid(self) -> int:
        return self._server.pid

    @property
    def records(self) -> list[list[str]]:
        """Its own records of calls that are over, those with the hall's fields."""
        file = self._records / CALL_RECORDS
        return list(csv.reader(file.read_text().splitlines())) if file.exists() else []

    @property
    def sounds(self) -> Path:
        """English sounds that came with it."""
        return next(self.root.glob("usr/share/asterisk/sounds/en*"))

    def _libraries(self) -> Path:
        return next(self.root.glob("usr/lib/*-linux-gnu"))

    def _booted(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.ami_port), 1) as ami:
                ami.sendall(
                    f"Action: Login\r\nUsername: {TESTER}\r\nSecret: {SECRET}\r\n"
                    "Events: system\r\n\r\n".encode()
                )
                said = b""
                while b"FullyBooted" not in said:
                    if not (more := ami.recv(4096)):
                        return False
                    said += more
        except OSError:
            return False
        return True

    def _configure(self) -> None:
        for name, content in self._files().items():
            (self.folder / name).write_text("\n".join([*content, ""]))
        self._records.mkdir(parents=True, exist_ok=True)
        shutil.copy(OPERATORS / "stasis.conf", self.folder / "stasis.conf")

    def _files(self) -> dict[str, list[str]]:
        empty = ("acl", "udptl", "rtp", "features", "ccss", "sorcery", "pjproject")
        return {f"{name}.conf": [] for name in empty} | {
            "asterisk.conf": [
                "[directories]", *self._directories(),
                "[options]", f"defaultlanguage = {self.sounds.name}",
            ],
            "modules.conf": [
                "[modules]", "autoload = no",
                *(f"load = {name}.so" for name in self._modules() if name not in self.lacks),
            ],
            "manager.conf": [
                "[general]", "enabled = yes", f"port = {self.ami_port}", "bindaddr = 127.0.0.1",
                *self._manager_tls(),
                f"[{TESTER}]", f"secret = {SECRET}", "read = all", "write = all",
                f"#include {OPERATORS / 'manager.conf'}",
            ],
            "extensions.conf": [
                DIALPLAN, f"#include {OPERATORS / 'extensions.conf'}", self.dialplan,
            ],
            "queues.conf": [
                "[general]", f"#include {OPERATORS / 'queues.conf'}",
                "[hall](+)", "member => Local/agent@tests",
            ],
            "pjsip.conf": [
                "[udp]", "type = transport", "protocol = udp", f"bind = 127.0.0.1:{self.sip_port}",
                f"#include {OPERATORS / 'pjsip.conf'}",
                "[trunk](hallgate-trunk)", "type = endpoint", "context = hallgate",
                "[trunk]", "type = identify", "endpoint = trunk", "match = 127.0.0.1",
            ],
            "indications.conf": [
                "[general]", "country = us", "[us]", "description = US", "ringcadence = 2000,4000",
                "congestion = 480+620/250,0/250",
            ],
            "musiconhold.conf": ["[default]", "mode = files", f"directory = {self.sounds}"],
            "logger.conf": ["[logfiles]", "console => notice,warning,error"],
            "cdr.conf": ["[general]", f"enable = {'yes' if self.keeps_records else 'no'}"],
            "cdr_custom.conf": ["[mappings]", f"{CALL_RECORDS} => {RECORD}"],
            "cel.conf": ["[general]", "enable = no"],
        }  # fmt: skip

    @property
    def _records(self) -> Path:
        return self.folder / "astlog" / "cdr-custom"

    def _modules(self) -> list[str]:
        return [*MODULES.split(), *(RECORD_MODULES.split() if self.keeps_records else ())]

    def _manager_tls(self) -> list[str]:
        if self._tls is None:
            return []
        return [
            "tlsenable = yes", f"tlsbindaddr = 127.0.0.1:{self.tls_port}",
            f"tlscertfile = {self._tls.certificate}", f"tlsprivatekey = {self._tls.key}",
        ]  # fmt: skip

    def _directories(self) -> list[str]:
        own = ("varlib", "db", "key", "spool", "run", "log", "cache", "agi")
        folders = {name: self._folder(f"ast{name}") for name in own} | {
            "etc": self.folder,
            "mod": self._libraries() / "asterisk" / "modules",
            "data": self.root / "usr/share/asterisk",
        }
        return [f"ast{name}dir => {folder}" for name, folder in folders.items()]

    def _folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder


@contextmanager
def running(
    tls: Pair | None = None,
    lacks: frozenset[str] = frozenset(),
    dialplan: str = "",
    *,
    records: bool = False,
) -> Iterator[Asterisk]:
    """A real Asterisk for some tests; without one they fail, with one sentence."""
    try:
        asterisk = Asterisk(fetched(), tls, lacks)
    except CannotFetch as lack:
        pytest.fail(str(lack), pytrace=False)
    asterisk.dialplan, asterisk.keeps_records = dialplan, records
    try:
        asterisk.start()
        yield asterisk
        asterisk.still_runs()
    finally:
        asterisk.stop()


DIALPLAN: Final = """
[tests]
; a caller who does what AMI says; his line carries sound, as every telephone's does: Asterisk
; looks at keys when a frame comes
exten => caller,1,Answer()
 same => n,Milliwatt()
; a person who takes calls and hangs up soon
exten => agent,1,Answer()
 same => n,Wait(1)
; a person who talks for a while
exten => talker,1,Answer()
 same => n,Wait(4)
; a person who never hangs up
exten => patient,1,Answer()
 same => n,Milliwatt()
; a person who lets it ring
exten => busy,1,Ringing()
 same => n,Wait(60)
"""

if __name__ == "__main__":
    print(fetched())
