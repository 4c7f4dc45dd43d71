"""The container: made of the Debian package, texted, stopped, begun anew. Its base is made here, of
the distribution, for no registry of images is at hand. It takes minutes, root, and the network of
the distribution."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_twisted

from simulators.smsc.smsc import Smsc
from tests.packages import BUILDAH, MMDEBSTRAP
from tests.packaging.test_debian_package import PROJECT, built
from tests.services import program
from tests.stories.gateway_process import GatewayProcess

pytestmark = [pytest.mark.soak, pytest.mark.service]
SOMEBODY = "13900000001"  # of the sample's subscribers
STARTS = 120.0  # seconds

MADE_BY = "packaging/Containerfile"

CONFIGURATION = """\
store: {{url: "sqlite:////var/lib/hallgate/hall.db"}}
smpp:
  links:
    - {{name: smsc-a, host: 127.0.0.1, port: {port}, system_id: hallgate, password: secret}}
ivr: {{asterisk: []}}
http: {{listen: "off"}}
"""


@dataclass(frozen=True)
class Images:
    """A place for images and containers of our own."""

    folder: Path

    def buildah(self, *words: str | Path) -> str:
        """What it answers; all it complains of is shown when it fails."""
        ran = subprocess.run([*self.words, *words], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout.strip()

    @property
    def words(self) -> list[str | Path]:
        root, run = self.folder / "root", self.folder / "run"
        return [program(BUILDAH), "--storage-driver", "vfs", "--root", root, "--runroot", run]

    def base(self) -> str:
        """A Debian with nothing in it."""
        tar = self.folder / "base.tar"
        made: list[str | Path] = [program(MMDEBSTRAP), "--variant=minbase", "bookworm", tar]
        subprocess.run(made, check=True, capture_output=True)
        self.buildah("from", "--name", "base", "scratch")
        self.buildah("add", "base", tar, "/")
        self.buildah("commit", "base", "localhost/base")
        return "localhost/base"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Images]:
    """With `hallgate` in it."""
    images = Images(tmp_path_factory.mktemp("images"))
    context = images.folder / "context"
    (context / "packaging").mkdir(parents=True)
    shutil.copy(PROJECT / MADE_BY, context / "packaging")
    (context / "dist").mkdir()
    built(PROJECT, context / "dist")
    how = ["--isolation", "chroot", "--network", "host", "--pull-never"]
    how += ["--build-arg", f"BASE={images.base()}", "--file", str(context / MADE_BY)]
    images.buildah("build", *how, "--tag", "localhost/hallgate", context)
    yield images
    images.buildah("rm", "--all")


@dataclass(frozen=True)
class Container:
    """One of that image, with a configuration and a place for its data."""

    images: Images
    name: str
    configured: Path
    data: Path
    owner: int  # whoever it runs as

    def words(self, *verb: str) -> list[str | Path]:
        """What runs a verb in it, as the image says."""
        volumes = [f"{self.configured}:/etc/hallgate:ro", f"{self.data}:/var/lib/hallgate:rw"]
        mounted = [word for volume in volumes for word in ("--volume", volume)]
        run = ["run", "--isolation", "chroot", *mounted, self.name, "--"]
        return [*self.images.words, *run, *self._said()["Entrypoint"], *verb]

    def _said(self) -> dict[str, list[str]]:
        told = json.loads(self.images.buildah("inspect", "--type", "image", "localhost/hallgate"))
        config: dict[str, list[str]] = told["OCIv1"]["config"]
        return config

    def does(self, *verb: str) -> str:
        ran = subprocess.run(self.words(*verb), capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout


@pytest.fixture
def container(image: Images, tmp_path: Path, smsc: Smsc) -> Container:
    image.buildah("from", "--name", "hall", "--pull-never", "localhost/hallgate")
    # else buildah, not podman, mounts either the image's own volume there or ours, by chance
    image.buildah("config", "--volume", "/var/lib/hallgate-", "hall")
    owner = image.buildah("run", "--isolation", "chroot", "hall", "--", "id", "-u")
    made = Container(image, "hall", tmp_path / "etc", tmp_path / "data", int(owner))
    made.configured.mkdir()
    (made.configured / "gateway.yaml").write_text(CONFIGURATION.format(port=smsc.listen()))
    made.data.mkdir()
    os.chown(made.data, made.owner, -1)
    return made


@pytest_twisted.async_yield_fixture
async def smsc() -> AsyncIterator[Smsc]:
    from twisted.internet import reactor

    made = Smsc(reactor, {"hallgate": "secret"})
    yield made
    await made.stop()


@pytest_twisted.ensureDeferred
async def test_a_container_serves_stops_in_order_and_remembers(
    container: Container, smsc: Smsc
) -> None:
    """Not as root, and with what it keeps outside of it."""
    container.does("db", "upgrade")
    container.does("db", "sample", "--subscribers", "3")
    for _ in range(2):
        gateway = begun(container)
        pid = gateway.pid
        try:
            await gateway.serving()
            smsc.send(SOMEBODY, "YE")
            answer = await smsc.phone(SOMEBODY).next()
            assert "余额" in answer.text
            (inside,) = begun_by(pid, container.owner)
            os.kill(inside, signal.SIGTERM)  # as a runtime does; buildah would kill it
            assert await gateway.ended(STARTS) == 0
        finally:
            for left in begun_by(pid, container.owner):
                os.kill(left, signal.SIGKILL)
    assert gateway.log.strange == []


def begun(container: Container) -> GatewayProcess:
    from twisted.internet import reactor

    first, *words = container.words("run")
    gateway = GatewayProcess(reactor, *words, program=Path(first))
    gateway.log.patience = STARTS
    return gateway


def begun_by(pid: int, owner: int) -> list[int]:
    """Processes of that user that it has begun, or those have that it began; not what is buildah's
    own."""
    parents = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            _, _, told = (process / "stat").read_text().partition("(")
            name, _, rest = told.rpartition(")")
            user = 0 if "buildah" in name else process.stat().st_uid
            parents[int(process.name)] = int(rest.split()[1]), user

    def comes_from(one: int) -> bool:
        parent = parents.get(one, (0, 0))[0]
        return parent == pid or (parent > 1 and comes_from(parent))

    return [one for one, (_, user) in parents.items() if user == owner and comes_from(one)]
