"""The verbs of `hallgate edition` that change what subscribers are answered; `hallgate menus` has
the same."""

from __future__ import annotations

import argparse
import getpass
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from commands.model.parameters import ParameterKind
from gateway.cli.acting import actor_of
from gateway.cli.editions.open_store import conf_of, files_in_force, transaction
from gateway.cli.editions.told import holds, proposed
from gateway.cli.verb import add_verb, settings_of
from gateway.config.checked_yaml import BadFile, Finding, text_of
from gateway.config.editions.conf_files import MENUS, ConfFiles, conf_files, not_read, with_folder
from gateway.config.editions.edition import EditionDecision
from gateway.config.roles import read_roles
from gateway.config.settings import Settings
from gateway.config.unread_files import yaml_files
from gateway.dialogue.editions_in_force import WHOLE
from gateway.dialogue.observed.menu_usage import in_all
from gateway.dialogue.snapshot import HallSnapshot, open_snapshot
from gateway.editions.desk import Came, EditionActor, EditionDesk, EditionForbidden
from gateway.editions.publishing import NotPublished
from gateway.model.operators.rights import Roles
from gateway.store.editions.usage import SqlUsage
from gateway.store.lists.entries import numbers_in
from gateway.store.opening import prepared_store
from gateway.store.operators.accounts import SqlOperators
from gateway.store.operators.audit import SqlAudit

SOON: Final = "gateways that run take it up within a few seconds"
_MOST_NUMBERS: Final = 10_000  # of a canary


def add_deciding(steps: Any, group: str, folder: str) -> None:
    """`group` is what stands before the verbs, `folder` what --from names and conf/ has."""
    publish_verb = add_verb(steps, "publish", publish,
                            f"put {folder} into force, if nothing is wrong with it",
                            f"hallgate {group} publish --reason 'data packs first'")  # fmt: skip
    _from(publish_verb, group, folder)
    _whose(publish_verb)
    _whose(add_verb(steps, "rollback", roll_back, "the version before is in force again",
                    f"hallgate {group} rollback --reason 'too many wrong keys'"))  # fmt: skip
    canary_verb = add_verb(steps, "canary", canary, "try a version out on some numbers",
                           f"hallgate {group} canary --percent 5")  # fmt: skip
    _from(canary_verb, group, folder)
    _whose(canary_verb)
    canary_verb.add_argument("what", nargs="?", default="", metavar="VERSION|end|promote",
                             help=f"default: {folder} as it lies there")  # fmt: skip
    canary_verb.add_argument("--percent", type=_share, default=0, metavar="N",
                             help="of all numbers, always the same ones; 0.01 to 100")  # fmt: skip
    canary_verb.add_argument("--numbers", type=Path, metavar="FILE", help="and these, one a line")
    canary_verb.add_argument("--list", default="", metavar="NUMBER",
                             help="and who is in this customer list now")  # fmt: skip


def add_approving(steps: Any) -> None:
    for name, run, help in (
        ("approve", approve, "answer for what somebody else has proposed"),
        ("refuse", refuse, "nothing comes of what was proposed"),
    ):
        verb = add_verb(steps, name, run, help, f"hallgate edition {name} 3 --operator 1007")
        verb.add_argument("number", type=int, help="of the proposal, as in `versions`")
        _whose(verb)


def add_import(steps: Any) -> None:
    verb = add_verb(steps, "import", import_files,
                    "keep a folder in the store as a version, without putting it into force",
                    "hallgate edition import /tmp/january")  # fmt: skip
    verb.add_argument("folder", type=Path, help="all files of a conf/")
    _whose(verb)


def _from(verb: Any, group: str, folder: str) -> None:
    verb.add_argument("--from", dest="folder", type=Path, metavar="FOLDER",
                      help=f"instead of {folder}")  # fmt: skip
    verb.set_defaults(files_of=_with_menus if group == "menus" else whole)


def _whose(verb: Any) -> None:
    verb.add_argument("--author", default="", metavar="NAME", help="default: who is logged in")
    verb.add_argument("--operator", default="", metavar="NUMBER",
                      help="who acts (工号); default: the system user")  # fmt: skip
    verb.add_argument("--reason", default="", metavar="WORDS", help="is kept with it")


def _share(written: str) -> int:
    try:
        share = round(float(written) * 100)
    except ValueError:
        share = 0
    if not 0 < share <= WHOLE:
        raise argparse.ArgumentTypeError(f"'{written}' is no share; write 0.01 to 100")
    return share


# -- the files ---------------------------------------------------------------------------------


def whole(chosen: argparse.Namespace, settings: Settings) -> ConfFiles:
    """All of a conf/. Raises BadFile."""
    folder = chosen.folder or settings.conf
    files = conf_files(folder)
    if findings := not_read(folder, files):
        raise BadFile(findings)
    return files


def _with_menus(chosen: argparse.Namespace, settings: Settings) -> ConfFiles:
    """Menus of a folder of their own, with all else as it is in force. Raises BadFile."""
    if chosen.folder is None:
        return whole(chosen, settings)
    texts = {path.name: text_of(path) for path in yaml_files(chosen.folder)}
    return with_folder(files_in_force(settings, int(time.time())), MENUS, texts)


def sound(chosen: argparse.Namespace, settings: Settings) -> ConfFiles:
    """The files that are meant, if nothing is wrong with them. Raises BadFile."""
    files, _ = opened(chosen, settings)
    return files


def opened(chosen: argparse.Namespace, settings: Settings) -> tuple[ConfFiles, HallSnapshot]:
    """The files that are meant, and what is made of them. Raises BadFile."""
    files: ConfFiles = chosen.files_of(chosen, settings)
    named = str(chosen.folder or settings.conf)
    try:
        with conf_of(settings, files) as there:
            return files, open_snapshot(there)
    except BadFile as bad:
        raise BadFile([_at(named, finding) for finding in bad.findings]) from None


def _at(folder: str, finding: Finding) -> Finding:
    """Where a file lies, and not only what it is called in conf/."""
    menus = finding.file.removeprefix(f"{MENUS}/")
    inside = Path(folder) / (menus if (Path(folder) / menus).exists() else finding.file)
    return Finding(str(inside), finding.line, finding.what, finding.fix)


# -- deciding ----------------------------------------------------------------------------------


def _decide(chosen: argparse.Namespace, deed: Callable[[EditionDesk], Came]) -> int:
    """What follows is told. Raises NotPublished."""
    with _at_desk(chosen) as desk:
        came = deed(desk)
    print(f"{holds(came)}; {SOON}" if isinstance(came, EditionDecision) else proposed(came))
    return 0


@contextmanager
def _at_desk(chosen: argparse.Namespace) -> Iterator[EditionDesk]:
    """One transaction; that somebody may not do so is kept by another."""
    settings, now = settings_of(chosen), int(time.time())
    roles = _roles(settings, now)
    with prepared_store(settings) as store:
        try:
            with store.transaction() as connection:
                actor = actor_of(chosen, connection, store)
                role = None
                if chosen.operator:
                    found = SqlOperators(connection, store.seal).find(chosen.operator)
                    role = found.role if found else ""
                author = chosen.author or getpass.getuser()
                who = EditionActor(actor, roles, role, author)
                yield EditionDesk(connection, store.seal, who, now, chosen.reason)
        except EditionForbidden as forbidden:
            refused = actor.did(
                "editions.change", now, reason=chosen.reason, result=f"refused: {forbidden}"
            )
            with store.transaction() as connection:
                SqlAudit(connection, store.seal).append(refused)
            raise


def _roles(settings: Settings, now: int) -> Roles:
    """As they are in force."""
    with conf_of(settings, files_in_force(settings, now)) as there:
        return read_roles(there.conf)


def approve(chosen: argparse.Namespace) -> int:
    _named(chosen)
    return _decide(chosen, lambda desk: desk.approve(chosen.number))


def refuse(chosen: argparse.Namespace) -> int:
    _named(chosen)
    with _at_desk(chosen) as desk:
        desk.refuse(chosen.number)
    print(f"proposal {chosen.number} is refused")
    return 0


def _named(chosen: argparse.Namespace) -> None:
    if not chosen.operator:
        raise NotPublished("say who answers for it: --operator NUMBER")


def publish(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    files, use = sound(chosen, settings), _use(settings)
    return _decide(chosen, lambda desk: desk.publish(desk.keep(files, use).version))


def _use(settings: Settings) -> Mapping[str, int]:
    with transaction(settings) as connection:
        return in_all(SqlUsage(connection).totals(int(time.time())))


def roll_back(chosen: argparse.Namespace) -> int:
    return _decide(chosen, EditionDesk.roll_back)


def canary(chosen: argparse.Namespace) -> int:
    if chosen.what == "end":
        return _decide(chosen, EditionDesk.end_canary)
    if chosen.what == "promote":
        return _decide(chosen, EditionDesk.promote)
    settings = settings_of(chosen)
    numbers = _numbers(chosen.numbers) if chosen.numbers else frozenset[str]()
    if chosen.list:
        numbers |= _listed(settings, chosen.list)
    own = None if chosen.what else sound(chosen, settings)

    def begin(desk: EditionDesk) -> Came:
        version = desk.keep(own).version if own else chosen.what
        return desk.try_out(version, chosen.percent, numbers)

    return _decide(chosen, begin)


def import_files(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    chosen.files_of = whole
    files = sound(chosen, settings)
    with _at_desk(chosen) as desk:
        edition = desk.keep(files)
    print(f"{edition.version} is kept; it is in force for nobody yet")
    return 0


def _numbers(file: Path) -> frozenset[str]:
    """One a line; a line may be empty or begin with #. Raises BadFile."""
    found: set[str] = set()
    findings: list[Finding] = []
    for n, line in enumerate(text_of(file).splitlines(), 1):
        written = line.split("#")[0].strip()
        if not written:
            continue
        number = ParameterKind.MSISDN.clean(written)
        if number is None:
            what = f"'{written}' is no mobile number"
            findings.append(Finding(str(file), n, what, "Write eleven digits"))
        else:
            found.add(number)
    if len(found) > _MOST_NUMBERS:
        what = f"holds more than {_MOST_NUMBERS:,} numbers"
        findings.append(Finding(str(file), 1, what, "Try it out with --percent"))
    if findings:
        raise BadFile(findings)
    return frozenset(found)


def _listed(settings: Settings, list_number: str) -> frozenset[str]:
    """Who is in a customer list at this moment. Raises BadFile."""
    with transaction(settings) as connection:
        most, now = _MOST_NUMBERS + 1, int(time.time())
        found = frozenset(numbers_in(connection, [list_number], now, limit=most))
    if not found or len(found) > _MOST_NUMBERS:
        what = f"has more than {_MOST_NUMBERS:,} numbers" if found else "has nobody in it"
        raise BadFile([Finding(f"list {list_number}", 0, what, "See hallgate lists")])
    return found
