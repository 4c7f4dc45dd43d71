"""Where a gateway of a story lives: its folder, its store, its sessions, its configuration."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from gateway import conf, sample
from gateway.app import open_store
from gateway.configuration import read_settings
from gateway.sample import Persona
from gateway.settings import OWN_CONF, Settings
from gateway.store.sample import put_personas
from gateway.store.store import Store

ACCOUNT = {"hallgate": "secret"}


def link(port: int, name: str = "smsc-a", **more: object) -> dict[str, object]:
    """A link to the simulated SMSC as conf/gateway.yaml writes it."""
    return {"name": name, "host": "127.0.0.1", "port": port, **more}


@dataclass
class House:
    """`sections` are those of conf/gateway.yaml, over defaults that suit a test."""

    folder: Path
    store_url: str
    sessions_url: str = "store"
    sections: dict[str, dict[str, object]] = field(default_factory=dict)

    def configure(self, links: Sequence[Mapping[str, object]], **sections: dict[str, Any]) -> Path:
        """Write the configuration; the file."""
        self.sections = {
            "store": {"url": self.store_url},
            "sessions": {"url": self.sessions_url},
            "smpp": {"links": list(links)},
            "http": {"listen": "off"},
            "limits": {"queries_per_hour": 0},
        }
        for name, section in sections.items():
            self.sections[name] = self.sections.get(name, {}) | section
        # whatever is JSON is YAML as well
        self.file.write_bytes(orjson.dumps(self.sections))
        return self.file

    @property
    def file(self) -> Path:
        return self.folder / "gateway.yaml"

    @property
    def settings(self) -> Settings:
        return read_settings(self.file, environment={})

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, for who looks into it or fills it."""
        store = open_store(self.settings)
        try:
            store.prepare()
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
    catalogue = conf.load(OWN_CONF, signature="【中国移动】").catalogue
    loaded = sample.load(OWN_CONF / "sample" / "personas.yaml", catalogue)
    return {persona.account.msisdn: persona for persona in loaded.personas}
