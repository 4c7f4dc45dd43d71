"""A disk that fails under SQLite: the kernel makes it read-only, as it does with real ones. Needs
root, loop devices and ext4; where they cannot be had it is skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_twisted
from twisted.internet.threads import deferToThread

from tests.stories.deployment import Deployment
from tests.stories.operations.test_ready import ME, asked
from tests.stories.operations.test_ready_process import Smscs, running, told_away

pytestmark = pytest.mark.slow


class Disk:
    """An ext4 of its own, in a file."""

    def __init__(self, folder: Path) -> None:
        self._image, self.at = folder / "disk.img", folder / "disk"

    def make(self) -> None:
        with self._image.open("wb") as image:
            image.truncate(64 * 2**20)
        self._run("mkfs.ext4", "-q", "-F", "-e", "remount-ro", str(self._image))
        self.at.mkdir()
        self.mount()

    def mount(self) -> None:
        self._run("mount", "-o", "loop", str(self._image), str(self.at))

    def fails(self) -> None:
        """What the kernel does when it finds the file system broken."""
        device = os.stat(self.at).st_dev
        name = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve().name
        Path(f"/sys/fs/ext4/{name}/trigger_fs_error").write_text("1")

    def is_repaired(self) -> None:
        self.unmount()
        subprocess.run(["e2fsck", "-f", "-y", self._image], check=False, capture_output=True)
        self.mount()

    def unmount(self) -> None:
        self._run("umount", str(self.at))

    @staticmethod
    def _run(*words: str) -> None:
        subprocess.run(words, check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    if os.geteuid() or not shutil.which("mkfs.ext4"):
        pytest.skip("only root can mount a disk, and mkfs.ext4 makes one")
    try:
        made.make()
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk of its own can be mounted here: {error}")
    yield made
    made.unmount()


@pytest_twisted.ensureDeferred
async def test_a_disk_that_became_read_only_is_a_reason(
    place: Deployment, disk: Disk, smscs: Smscs
) -> None:
    """What is sent is refused, so the SMSC keeps it; on the repaired disk it is answered, once."""
    for file in place.folder.glob("hall.db*"):
        shutil.copy(file, disk.at)
    os.sync()
    place.store_url = f"sqlite:///{disk.at / 'hall.db'}"
    smsc = smscs()
    async with running(place, smsc) as watched:
        assert "余额" in await asked(smsc)
        mark = watched.process.log.mark()
        await deferToThread(disk.fails)
        reason = await watched.until("the store keeps nothing")
        assert "READONLY" in reason or "IOERR" in reason
        sent = smsc.send(ME, "YE")
        await watched.process.log.told("away", mark)
        assert sent.outcome is None
        assert told_away(watched.process, mark) == ["away"]
        await watched.process.kill()
    await deferToThread(disk.is_repaired)
    async with running(place, smsc) as watched:
        assert "余额" in (await smsc.phone(ME).next()).text
        assert await watched.reasons() == []
