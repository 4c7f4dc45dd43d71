"""Editions of conf/ ready to be asked, the last few kept: reading one takes a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

from commands.model.request import Channel
from gateway.config import replies
from gateway.config.editions.conf_files import ConfFiles, conf_files, laid_out, version_of
from gateway.config.editions.edition import Edition, files_of
from gateway.config.settings import Settings
from gateway.dialogue.snapshot import HallSnapshot, open_edition, open_snapshot
from gateway.editions.drafts import found_edition
from gateway.editions.kept_last import KeptLast
from gateway.editions.last_read import LastRead
from gateway.store.store import Store
from gateway.wording.words import ReplyTemplate

_KEPT: Final = 4  # each takes some 20 MB


class ReplySource(NamedTuple):
    """Where a text of conf/replies stands, and how it is written there."""

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class ServedEdition:
    snapshot: HallSnapshot
    sources: Mapping[str, Mapping[str, tuple[str, int, ReplyTemplate]]]  # by language, by name

    def source(self, name: str, channel: Channel, language: str) -> ReplySource | None:
        """None: there is no such text."""
        found = self.sources.get(language, {}).get(name)
        if found is None:
            return None
        file, line, template = found
        return ReplySource(file, line, template.form(channel))


class ServedEditions:
    """Any thread may ask; while one is read, who asks for another that is not read waits."""

    def __init__(
        self, store: Store, settings: Callable[[], Settings], last: LastRead, most: int = _KEPT
    ) -> None:
        """`settings`: as they are when an edition is read. `last`: where drafts are read as well:
        what was read as a draft is not read again when it is published."""
        self._store, self._settings, self._last = store, settings, last
        self._kept: KeptLast[ServedEdition] = KeptLast(most)
        self._reading = Lock()

    def get(self, version: str) -> ServedEdition:
        """Empty: the files of conf/, where no gateway has run yet. Raises BadFile, UnknownEdition,
        ReadingBusy."""
        if (known := self._kept.get(version)) is not None:
            return known
        with self._reading:
            if (known := self._kept.get(version)) is not None:
                return known
            opened = self._opened(version)
            # files of conf/ may change; what a version says never does
            return self._kept.keep(version, opened) if version else opened

    def _opened(self, version: str) -> ServedEdition:
        settings = self._settings()
        if not version:
            return ServedEdition(self.own(settings), _sources(conf_files(settings.conf)))
        edition = found_edition(self._store, version)
        files = files_of(edition, settings)
        return ServedEdition(self.edition(settings, edition, files), _sources(files))

    def own(self, settings: Settings) -> HallSnapshot:
        """The conf/ that the settings name, not read again if it is as it was. Raises BadFile."""
        version = version_of(conf_files(settings.conf))
        return self._last(version, lambda: open_snapshot(settings))

    def edition(self, settings: Settings, edition: Edition, own: ConfFiles) -> HallSnapshot:
        """`own` files stand for what it does not hold. One of menus alone is another with each of
        them. Raises BadFile."""
        whole = edition.version if edition.whole else f"{edition.version} {version_of(own)}"
        return self._last(whole, lambda: open_edition(settings, edition, own))


def _sources(files: ConfFiles) -> dict[str, dict[str, tuple[str, int, ReplyTemplate]]]:
    with laid_out(files) as folder:
        return {
            language.code: {
                name: (*_place(language, name, folder), template)
                for name, template in language.texts().items()
            }
            for language in replies.languages(folder / "replies")
        }


def _place(language: replies.ReplyLanguage, name: str, folder: Path) -> tuple[str, int]:
    found = language.finding(name, "")
    return str(Path(found.file).relative_to(folder)), found.line
