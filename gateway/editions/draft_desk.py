"""What people do with drafts. Nobody's save takes away what he has not seen: whoever saves says
which text he began from, and is refused if another one stands there by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.config.editions.conf_files import ConfFiles, conf_files, unfit_names
from gateway.config.editions.edition import FROM_CONF, files_of
from gateway.config.editions.edition_made import edition_of
from gateway.config.settings import Settings
from gateway.editions.drafts import conf_in_force, drafted
from gateway.editions.publishing import NotPublished, UnknownEdition
from gateway.model.editions.edition_draft import DraftFile, EditionDraft, mark_of
from gateway.model.operators.refusals import NothingSuch
from gateway.model.operators.rights import Role
from gateway.store.connection import Connection
from gateway.store.editions.drafts import SqlDrafts
from gateway.store.editions.editions import SqlEditions

MOST: Final = 50  # drafts at once
_EDITED: Final = (".yaml",)  # what people write; examples of sentences are learnt from elsewhere


class UnknownDraft(NotPublished, NothingSuch):
    def __init__(self, number: int) -> None:
        super().__init__(f"there is no draft {number}")


class SavedMeanwhile(NotPublished):
    """Somebody else's text stands there, which whoever saves has not seen."""

    def __init__(self, theirs: DraftFile) -> None:
        self.theirs = theirs
        super().__init__(
            f"{theirs.saved_by} has saved {theirs.name} meanwhile: look at it before you save"
        )


@dataclass(frozen=True, slots=True)
class DraftDesk:
    """In one transaction, for one operator; `now`: seconds since 1970."""

    connection: Connection
    settings: Settings
    operator: str
    now: int
    role: Role | None = None  # whose files these are to be

    def begin(self, name: str, base: str, changed: Mapping[str, str | None]) -> EditionDraft:
        """From a version; without one, from what is in force. Raises NotPublished, BadFile."""
        kept = SqlDrafts(self.connection)
        if kept.count() >= MOST:
            raise NotPublished(f"there are {MOST} drafts already: throw one away first")
        base = base or self.version_in_force()
        self._base_files(base)
        if findings := unfit_names({name: "" for name in changed}):
            raise NotPublished(f"{findings[0].file} {findings[0].what}. {findings[0].fix}")
        files = {name: self._written(name, text) for name, text in changed.items()}
        writers = (self.operator,) if files else ()
        draft = EditionDraft(name, base, self.now, self.operator, files, writers=writers)
        return kept.add(draft)

    def find(self, number: int, *, to_change: bool = False) -> EditionDraft:
        """Raises UnknownDraft."""
        found = SqlDrafts(self.connection).find(number, to_change=to_change)
        if found is None:
            raise UnknownDraft(number)
        return found

    def files(self, draft: EditionDraft) -> ConfFiles:
        """All of them, as the draft has them. Raises BadFile."""
        return drafted(self._base_files(draft.base), draft.changed)

    def base_files(self, draft: EditionDraft) -> ConfFiles:
        return self._base_files(draft.base)

    def files_in_force(self) -> ConfFiles:
        """Raises BadFile."""
        return self._base_files(self.version_in_force())

    def save(self, number: int, name: str, text: str | None, seen: str) -> DraftFile:
        """`seen`: the mark of the text that was changed; of nothing, `-`. Raises SavedMeanwhile,
        UnknownDraft, NotPublished."""
        draft = self._unchanged(number, name, seen)
        saved = self._file(name, text)
        kept = SqlDrafts(self.connection)
        if text == self._base_files(draft.base).get(name):
            kept.undo(number, name)
        else:
            kept.put(number, saved)
        kept.written_by(number, dict.fromkeys((*draft.writers, self.operator)))
        return saved

    def undo(self, number: int, name: str, seen: str) -> None:
        """As in the base again. Raises as `save`."""
        self._unchanged(number, name, seen)
        SqlDrafts(self.connection).undo(number, name)

    def rebase(self, number: int) -> EditionDraft:
        """What is in force now is what it begins from. What is changed in it stays; where both have
        changed a file, the draft's stands."""
        draft = self.find(number, to_change=True)
        base, kept = self.version_in_force(), SqlDrafts(self.connection)
        kept.rebase(number, base)
        files = self._base_files(base)
        for name, text in draft.changed.items():
            if files.get(name) == text:
                kept.undo(number, name)
        return self.find(number)

    def drop(self, number: int) -> None:
        self.find(number, to_change=True)
        SqlDrafts(self.connection).drop(number)

    def both_changed(self, draft: EditionDraft, held: str) -> list[str]:
        """Files of the draft that what is in force, `held`, has otherwise than its base."""
        if held in ("", draft.base):
            return []
        was, now = self._base_files(draft.base), self._base_files(held)
        return [name for name in draft.files if was.get(name) != now.get(name)]

    def version_in_force(self) -> str:
        """Where no gateway has run yet, what lies in conf/ is kept as that. Raises BadFile."""
        edition = conf_in_force(self.connection, self.now)
        if edition is None:
            found = conf_files(self.settings.conf)
            edition = edition_of(found, FROM_CONF, "", self.now)
            SqlEditions(self.connection).keep(edition)
        return edition.version

    def _unchanged(self, number: int, name: str, seen: str) -> EditionDraft:
        draft = self.find(number, to_change=True)
        there = self.files(draft).get(name)
        if mark_of(there) != seen:
            theirs = draft.files.get(name) or DraftFile(name, there, draft.began_at, draft.began_by)
            raise SavedMeanwhile(theirs)
        return draft

    def _file(self, name: str, text: str | None) -> DraftFile:
        """Raises NotPublished."""
        if findings := unfit_names({name: ""}):
            raise NotPublished(f"{name} {findings[0].what}. {findings[0].fix}")
        if not name.endswith(_EDITED):
            raise NotPublished(f"{name} is not written by hand")
        return self._written(name, text)

    def _written(self, name: str, text: str | None) -> DraftFile:
        """Raises NotPublished."""
        if self.role is not None and not self.role.may_edit(name):
            only = ", ".join(self.role.edits)
            raise NotPublished(f"role {self.role.code} edits {only} only, and not {name}")
        if text is not None and "\0" in text:
            raise NotPublished(f"{name} has signs in it that no text has")
        return DraftFile(name, text, self.now, self.operator)

    def _base_files(self, version: str) -> ConfFiles:
        """Raises UnknownEdition, BadFile."""
        edition = SqlEditions(self.connection).find(version)
        if edition is None:
            raise UnknownEdition(version)
        return files_of(edition, self.settings)
