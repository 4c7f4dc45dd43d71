"""The hall of the bench of calls: one menu, one password for all, sounds that can be told apart."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from commands.model.request import Secret
from gateway.cli.prompts import all_prompts
from gateway.config.sample import people as sample_people
from gateway.config.settings import OWN_CONF
from gateway.config.sources import read_settings
from gateway.store.opening import open_store
from gateway.store.sample.people import put_personas
from gateway.tts.sound_folder import SoundFolder, build
from ivr.speech.read_aloud import SEAM, read_aloud
from tests.ivr.telephones.rtp import FRAME
from tests.ivr.telephones.sound_recognition import BackgroundNoise

PASSWORD: Final = "739204"
CALLERS: Final = 10_000
ASKED: Final = f"办理{SEAM}话费余额{SEAM}需验证服务密码。请输入六位服务密码,按井号键结束。"
TOLD: Final = "截至11月22日12时,您的余额56.80元,本月已消费71.20元。"
MENU: Final = "欢迎致电中国移动。余额请按1。返回请按星号键。重听请按9。人工服务请按0。"
_SCREENS: Final = """\
screens:
  bench:
    say: {zh: 欢迎致电中国移动。, en: Welcome.}
    options:
      - {key: 1, label: {zh: 余额, en: balance}, run: q.balance, on: {ok: bench_told}}
  bench_told:
    say: "{result}"
    end: [sms]
"""
_CONFIGURATION: Final = """\
conf: {folder}/conf
store: {{url: "sqlite:///{folder}/hall.db"}}
smpp: {{links: []}}
ivr:
  asterisk: [{{name: pbx-a, port: {ami}}}]
  sounds: {folder}/sounds
  make_missing: false
http: {{listen: "off"}}
limits: {{queries_per_hour: 0}}
"""


class Hall:
    """A folder with all that a gateway needs, made once."""

    def __init__(self, folder: Path, ami: int) -> None:
        self.folder = folder
        self.file = folder / "gateway.yaml"
        folder.mkdir()
        self._rewrite_conf()
        self.file.write_text(_CONFIGURATION.format(folder=folder, ami=ami))
        settings = read_settings(self.file, environment={})
        self.sounds = settings.ivr.sounds
        build(SoundFolder(self.sounds), all_prompts(settings), BackgroundNoise())
        store = open_store(settings)
        store.prepare()
        callers = (
            replace(sample_people.subscriber(n), password=Secret(PASSWORD)) for n in range(CALLERS)
        )
        put_personas(store, callers, int(time.time()))
        store.close()

    def _rewrite_conf(self) -> None:
        """One menu for callers, whose balance takes the password."""
        conf = self.folder / "conf"
        shutil.copytree(OWN_CONF, conf, ignore=shutil.ignore_patterns("var"))
        (conf / "menus" / "bench.yaml").write_text(_SCREENS)
        _replace(conf / "menus" / "book.yaml", '"10086": senior', '"10086": bench')
        commands = conf / "commands.yaml"
        text = commands.read_text()
        head, found, rest = text.partition("  q.balance:\n")
        commands.write_text(
            head + found + rest.replace("operation: query", "operation: private_query", 1)
        )

    def paths(self, text: str) -> str:
        """The sounds that say it, as the dialplan lists them."""
        return "&".join(str(self.sounds / "zh" / sound.name) for sound in read_aloud(text, "zh"))

    def first_frame(self, text: str) -> bytes:
        """By which it is known on the line."""
        first = self.sounds / "zh" / f"{read_aloud(text, 'zh')[0].name}.alaw"
        return first.read_bytes()[:FRAME]


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1, (file, old)
    file.write_text(text.replace(old, new))
