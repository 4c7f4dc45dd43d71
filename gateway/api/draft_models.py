"""What routes of drafts are asked and tell."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from gateway.api.edition_models import AskedVersion, CheckTold, Name
from gateway.api.models import Asked, Moment, Reason, SeenMark, Told, moment, printable
from gateway.model.editions.edition_draft import DraftFile, EditionDraft, mark_of

Mark = Annotated[str, Field(pattern="^([0-9a-f]{16}|-)$")]
"""Of a text as somebody saw it; `-`: there was none."""


DraftName = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(printable)]


class NewDraft(Asked):
    """`files`: what is otherwise than in `base` from the start; null: without that one."""

    model_config = Asked.model_config | {"str_strip_whitespace": False}

    name: DraftName
    base: AskedVersion = Field(default="", description="a version; empty: what is in force")
    files: Annotated[dict[Name, str | None], Field(max_length=200)] = Field(default={})


class FileToSave(Asked):
    """`seen`: the mark of the text that was changed."""

    model_config = Asked.model_config | {"str_strip_whitespace": False}

    file: Name
    text: str | None = Field(description="null: without this file")
    seen: Mark


class FileToUndo(Asked):
    file: Name
    seen: Mark


class DraftCheck(Asked):
    """With one file as it is being typed; without, as it is saved. `shown`: a screen or a text that
    is to be seen as well, as the sample's person number `persona` sees it (0: the longest that
    anybody may)."""

    model_config = Asked.model_config | {"str_strip_whitespace": False}

    file: Annotated[str, Field(max_length=200)] = ""
    text: str = ""
    shown: Annotated[str, Field(max_length=200)] = ""
    persona: int = Field(default=0, ge=0, le=1_000)
    at: datetime | None = Field(
        default=None, description="the moment; without a zone by the hall's clock; empty: now"
    )
    language: Annotated[str, Field(pattern="^(zh|en)?$")] = ""


class ShownTold(Told):
    """`size`: its pages or messages."""

    name: str
    channel: str
    language: str
    size: str
    text: str


class CheckedDraftTold(CheckTold):
    shown: list[ShownTold]


class DraftToEdition(Asked):
    reason: Reason = ""
    seen: SeenMark = Field(
        default="", description="`mark` of the draft that was read: another one is not kept"
    )


class DraftFileTold(Told):
    file: str
    gone: bool = Field(description="the draft is without it")
    saved: Moment
    by: str
    mark: str


class DraftTold(Told):
    number: int
    name: str
    base: str
    began: Moment
    began_by: str
    version: str = Field(description="what it was kept as last; empty: never")
    files: list[DraftFileTold]


class DraftsTold(Told):
    drafts: list[DraftTold]


class WholeDraftTold(DraftTold):
    """With all that is otherwise than in the base."""

    changed: dict[str, str | None]
    mark: str = Field(description="changes with whatever anybody saves in it")
    in_force: str = Field(description="another than `base`: somebody has published meanwhile")
    both_changed: list[str] = Field(description="files that what is in force has otherwise, too")


def draft_file_told(one: DraftFile) -> DraftFileTold:
    return DraftFileTold(
        file=one.name, gone=one.content is None, saved=moment(one.saved_at), by=one.saved_by,
        mark=mark_of(one.content),
    )  # fmt: skip


def draft_told(draft: EditionDraft) -> DraftTold:
    return DraftTold(
        number=draft.number, name=draft.name, base=draft.base, began=moment(draft.began_at),
        began_by=draft.began_by, version=draft.version,
        files=[draft_file_told(one) for one in draft.files.values()],
    )  # fmt: skip
