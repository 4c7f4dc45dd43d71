"""The hall of the bench of calls: one menu, one password for all, sounds that can be told apart."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from commands.vocabulary import Secret
from gateway import sample
from gateway.configuration import read_settings
from gateway.opening import open_store
from gateway.prompts.folder import SoundFolder, build
from gateway.prompts.verbs import all_prompts
from gateway.settings import OWN_CONF
from gateway.store.sample import put_personas
from ivr.speech.reading import SEAM, read
from tests.ivr.rtp import FRAME
from tests.stories.hearing import Rustle

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
        build(SoundFolder(self.sounds), all_prompts(settings), Rustle())
        store = open_store(settings)
        store.prepare()
        callers = (replace(sample.subscriber(n), password=Secret(PASSWORD)) for n in range(CALLERS))
        put_personas(store, callers, int(time.time()))
        store.close()

    def _rewrite_conf(self) -> None:
        """One menu for callers, whose balance takes the password."""
        conf = self.folder / "conf"
        shutil.copytree(OWN_CONF, conf, ignore=shutil.ignore_patterns("var"))
        (conf / "menus" / "bench.yaml").write_text(_SCREENS)
        _replace(conf / "menus" / "book.yaml", '"10086": welcome', '"10086": bench')
        commands = conf / "commands.yaml"
        text = commands.read_text()
        head, found, rest = text.partition("  q.balance:\n")
        commands.write_text(
            head + found + rest.replace("operation: query", "operation: private_query", 1)
        )

    def paths(self, text: str) -> str:
        """The sounds that say it, as the dialplan lists them."""
        return "&".join(str(self.sounds / "zh" / sound.name) for sound in read(text, "zh"))

    def first_frame(self, text: str) -> bytes:
        """By which it is known on the line."""
        first = self.sounds / "zh" / f"{read(text, 'zh')[0].name}.alaw"
        return first.read_bytes()[:FRAME]


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1, (file, old)
    file.write_text(text.replace(old, new))
