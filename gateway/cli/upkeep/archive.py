"""A backup as a file: a tar archive of what is in it, with a manifest to compare it by.

    manifest.json      of which program and schema, how many rows, what each file hashes to
    store.db           the store: an SQLite database, or
    store.dump         what pg_dump wrote
    gateway.yaml       the configuration, as it was written
    conf/…             the texts, prices and menus of that day

The hall's key is not in it: who has the one and not the other reads no word of a subscriber.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.store.store import StoreProblem
from gateway.store.upkeep.copying import SQLITE, StoreCopy

MANIFEST: Final = "manifest.json"
CONFIGURATION: Final = "gateway.yaml"
CONF: Final = "conf/"
_FORMAT: Final = 1
_LEVEL: Final = 1  # of gzip: a backup is made while messages are served
_MOST_MANIFEST: Final = 4 * 2**20  # octets
Count = Annotated[int, Field(ge=0)]


class BackupManifest(BaseModel):
    """What a backup says of itself. `files`: SHA-256 in hex, by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    made_at: str
    program: str
    kind: str
    schema_version: str
    key_mark: str
    rows: dict[str, Count]
    files: dict[str, str]

    @property
    def copy_told(self) -> StoreCopy:
        return StoreCopy(self.kind, self.schema_version, self.key_mark, self.rows)

    @property
    def store_name(self) -> str:
        return store_name(self.kind)


def store_name(kind: str) -> str:
    return "store.db" if kind == SQLITE else "store.dump"


def manifest_of(
    copy: StoreCopy, made_at: str, program: str, files: Mapping[str, Path]
) -> BackupManifest:
    return BackupManifest(
        format=_FORMAT,
        made_at=made_at,
        program=program,
        kind=copy.kind,
        schema_version=copy.schema,
        key_mark=copy.key_mark,
        rows=copy.rows,
        files={name: sha256(file) for name, file in files.items()},
    )


def write_archive(into: Path, manifest: BackupManifest, files: Mapping[str, Path]) -> None:
    """Whole, or not at all; for its owner alone, on the disk when this returns."""
    draft = into.with_name(f".{into.name}.writing")
    told = draft.with_name(f"{draft.name}.json")
    try:
        told.write_bytes(orjson.dumps(manifest.model_dump(), option=orjson.OPT_INDENT_2))
        draft.unlink(missing_ok=True)
        os.mknod(draft, 0o600)
        with draft.open("wb") as out, tarfile.open(
            fileobj=out, mode="w:gz", compresslevel=_LEVEL
        ) as archive:  # fmt: skip
            archive.add(told, MANIFEST)
            for name, file in files.items():
                archive.add(file, name, recursive=False)
            archive.close()
            out.flush()
            os.fsync(out.fileno())
        draft.rename(into)
    finally:
        told.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)


def read_archive(file: Path, into: Path) -> BackupManifest:
    """Unpack it into an empty folder, and compare every file with what the manifest says. Raises
    StoreProblem for what is no backup, or is not as it was written."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            names = [_unpacked(archive, member, into) for member in archive if member.isfile()]
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise StoreProblem(f"{file} is no whole backup: {error}") from None
    manifest = _manifest(file, into / MANIFEST)
    lacking = manifest.files.keys() - set(names)
    if lacking or manifest.store_name not in manifest.files:
        raise StoreProblem(f"{file} lacks {', '.join(sorted(lacking)) or manifest.store_name}")
    for name, hashed in manifest.files.items():
        if sha256(into / name) != hashed:
            raise StoreProblem(f"{file}: {name} is not as it was written")
    return manifest


def _unpacked(archive: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> str:
    """Its name. Only files, and only below the folder, whatever an archive says of itself; Python
    3.11.2 has no filter for that."""
    file = into / member.name
    if ".." in file.parts or not file.is_relative_to(into):
        raise tarfile.TarError(f"{member.name} would lie elsewhere")
    file.parent.mkdir(parents=True, exist_ok=True)
    packed = archive.extractfile(member)
    assert packed is not None, "it is a file"
    with packed, file.open("xb") as out:
        shutil.copyfileobj(packed, out)
    return member.name


def _manifest(file: Path, told: Path) -> BackupManifest:
    if not told.is_file() or told.stat().st_size > _MOST_MANIFEST:
        raise StoreProblem(f"{file} is no backup of Hallgate: it has no {MANIFEST}")
    try:
        manifest = BackupManifest.model_validate_json(told.read_bytes())
    except ValidationError as error:
        raise StoreProblem(f"{file}: its {MANIFEST} cannot be read: {error.title}") from None
    if manifest.format != _FORMAT:
        raise StoreProblem(f"{file} is of a newer program: restore it with that one")
    return manifest


def configuration_files(configuration: Path | None, conf: Path) -> Iterator[tuple[str, Path]]:
    """What a backup takes of them, each with its name there."""
    if configuration is not None:
        yield CONFIGURATION, configuration
    for file in sorted(conf.rglob("*")):
        inside = file.relative_to(conf)
        if file.is_file() and "__pycache__" not in inside.parts and inside.parts[0] != "var":
            yield f"{CONF}{inside.as_posix()}", file


def sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
