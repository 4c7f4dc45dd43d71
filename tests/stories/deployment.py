"""Where a gateway of a story lives: its folder, its store, its sessions, its configuration."""

from __future__ import annotations

import functools
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from gateway.config import business
from gateway.config.sample import people as sample_people
from gateway.config.sample.people import Persona
from gateway.config.settings import OWN_CONF, Settings
from gateway.config.sources import read_settings
from gateway.store.opening import open_store
from gateway.store.sample.people import put_personas
from gateway.store.store import Store

ACCOUNT = {"hallgate": "secret"}


def link(port: int, name: str = "smsc-a", **more: object) -> dict[str, object]:
    """A link to the simulated SMSC as conf/gateway.yaml writes it."""
    return {"name": name, "host": "127.0.0.1", "port": port, **more}


@dataclass
class Deployment:
    """Its store and sessions stay; what else stands in its configuration may change."""

    folder: Path
    store_url: str
    sessions_url: str = "store"
    conf: Path = OWN_CONF

    def configure(self, links: Sequence[Mapping[str, object]], **sections: dict[str, Any]) -> Path:
        """Write the configuration: `sections` over what suits a test. The file."""
        written: dict[str, Any] = {
            "conf": str(self.conf),
            "store": {"url": self.store_url},
            "sessions": {"url": self.sessions_url},
            "smpp": {"links": list(links)},
            "http": {"listen": "off"},
            "limits": {"queries_per_hour": 0},
            "reminders": {"every": 0},  # nothing comes unasked, unless that is what is tried
        }
        for name, section in sections.items():
            written[name] = written.get(name, {}) | section
        # whatever is JSON is YAML as well
        self.file.write_bytes(orjson.dumps(written))
        return self.file

    def own_conf(self) -> Path:
        """A copy of conf/ that a story may change; what is configured from now on uses it."""
        self.conf = self.folder / "conf"
        shutil.copytree(OWN_CONF, self.conf, ignore=shutil.ignore_patterns("var"))
        return self.conf

    @property
    def file(self) -> Path:
        return self.folder / "gateway.yaml"

    @property
    def settings(self) -> Settings:
        return read_settings(self.file, environment={})

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, for who looks into it or fills it."""
        with self.store_as_it_is() as store:
            store.prepare()
            yield store

    @contextmanager
    def store_as_it_is(self) -> Iterator[Store]:
        """Whether it can be used or not."""
        store = open_store(self.settings)
        try:
            yield store
        finally:
            store.close()

    def move_in(self, personas: Iterable[Persona]) -> None:
        """These subscribers, as new."""
        with self.store() as store:
            put_personas(store, personas, int(time.time()))


@functools.cache
def personas() -> dict[str, Persona]:
    """Those of conf/sample, by number."""
    catalogue = business.load(OWN_CONF, signature="【中国移动】").catalogue
    loaded = sample_people.load(OWN_CONF / "sample" / "personas.yaml", catalogue)
    return {persona.account.msisdn: persona for persona in loaded.personas}


def change(file: Path, old: str, new: str) -> int:
    """Put something else in a file, where it stands once; the line on which it stood."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old)
    file.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def with_office_hours(place: Deployment) -> None:
    """People are there by day only, and on holidays later and shorter."""
    folder = place.folder / "conf"
    menus = (folder if place.conf == folder else place.own_conf()) / "menus" / "common.yaml"
    change(
        menus, '{hours: "00:00-24:00", holiday: false}', '{hours: "08:00-22:00", holiday: false}'
    )
    change(menus, '{hours: "00:00-24:00"}', '{hours: "09:00-18:00"}')
