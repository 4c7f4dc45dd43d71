"""What operations people can do wrong, kind by kind: `hallgate check` names the file and the line,
says what is wrong there, and what to write."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway.cli import main
from gateway.config.settings import OWN_CONF

pytestmark = pytest.mark.slow


class Slip(NamedTuple):
    """Of `there`, where it first stands in the file, becomes `instead`."""

    kind: str
    file: str
    there: str
    instead: str
    what: str
    fix: str
    below: int = 0  # lines from where it begins to where it is found


SETTINGS, COMMANDS = "gateway.yaml", "commands.yaml"
PLANS, SERVICES = "tariffs/plans.yaml", "tariffs/services.yaml"
WORDS, MENU = "replies/zh/queries.yaml", "menus/hall.yaml"
SLIPS = [
    Slip("a reason that is no text", COMMANDS, "unavailable: q.detail.", "unavailable: q.details.",
         "conf/replies has no text 'q.details.unavailable'", "Correct the id, or add the text"),
    Slip("a signature for a language that is none", SETTINGS, "signature: {zh", "signature: {cn",
         "unknown key 'service.signature.cn'", "Remove it, or correct its spelling"),
    Slip("a key that is none", SETTINGS, "  desks: 3", "  desk: 3",
         "unknown key 'store.desk'", "Remove it, or correct its spelling"),
    Slip("too small", SETTINGS, "  drain: 20", "  drain: -1",
         "'limits.drain' is too small", "Write 0 or more"),
    Slip("words for a number", SETTINGS, "  desk: 2000", "  desk: many",
         "'limits.desk' must be a whole number", "Write its digits, without quotes"),
    Slip("a number for words", SETTINGS, 'number: "10086"', "number: 10086",
         "'service.number' must be text", 'Put it into quotes: "10086"'),
    Slip("a time zone", SETTINGS, "Asia/Shanghai", "Asia/Peking",
         "no time zone is named 'Asia/Peking'", "Write one like Asia/Shanghai"),
    Slip("a tab", SETTINGS, "  metadata_days: 400", "\tmetadata_days: 400",
         "is not YAML", "Indent with blanks, not with tabs"),
    Slip("quotes left out", SETTINGS, 'ussd_code: "*139#"', "ussd_code: *139#",
         "is not YAML", "into quotes"),
    Slip("two links of one name", SETTINGS, "  links: []", "  links: [{name: a}, {name: a}]",
         "two links are named 'a'", "Give each its own name"),
    Slip("a status", SETTINGS, "  links: []",
         "  links: [{name: a, statuses: {ESME_NONE: fail}}]",
         "'ESME_NONE' is no command_status", "write a name like ESME_RTHROTTLED or 0x58"),
    Slip("a secret that is not there", SETTINGS, "  key: null", "  key: {env: NOT_SET_ANYWHERE}",
         "the environment has no NOT_SET_ANYWHERE", "Set NOT_SET_ANYWHERE"),
    Slip("a key that is too short", SETTINGS, "  key: null", "  key: abc",
         "'secrets.key': it must be 64 hex digits", "openssl rand -hex 32"),
    Slip("no address of the BOSS", SETTINGS, "boss: null", "boss: {timeout: 3}",
         "'boss.url' is missing", "Add it"),
    Slip("half an address of the BOSS", SETTINGS, "boss: null", "boss: {url: boss.example}",
         "'boss.url'", "write http://HOST:PORT or https://HOST/PATH"),
    Slip("a code twice", COMMANDS, "[CXXY, XYD, ", "[CXXY, YE, ",
         "the code YE is also one of q.balance", "Take it out of one of the two"),
    Slip("a code of digits without quotes", COMMANDS, '"103", 账单]', "103, 账单]",
         "'commands.q.bill.codes.3' must be text", 'Put it into quotes: "103"'),
    Slip("an action that is none", COMMANDS, "  q.star:\n", "  q.stars:\n",
         "no code answers the action 'q.stars'", "Did you mean q.star"),
    Slip("an operation that is none", COMMANDS, "operation: query\n", "operation: qery\n",
         "rights has no operation 'qery'", "Did you mean query?"),
    Slip("a channel that is none", COMMANDS, "channels: [sms, voice, ussd]",
         "channels: [sms, voice, fax]", "cannot be that", "Write one of: sms, ussd, voice"),
    Slip("a confirm that is none", COMMANDS, "confirm: twice", "confirm: thrice",
         "confirm' cannot be that", "Write one of: none, once, twice"),
    Slip("a parameter that is none", COMMANDS, "- month#password\n", "- mnth#password\n",
         "parameters has no 'mnth'", "Did you mean month?"),
    Slip("an example that does not fit", COMMANDS, "example: CXZD#202610",
         "example: CXZD#2026-13", "'CXZD#2026-13' is not understood as q.bill", "Correct it"),
    Slip("a code for what is not sold", COMMANDS, "QXLL30: {service: LL30}",
         "QXLL30: {service: LL31}", "conf/tariffs has no service 'LL31'", "Did you mean LL30"),
    Slip("one plan twice", PLANS, "  QQT88:\n", "  QQT58:\n",
         "'QQT58' stands here twice", "Keep one of the two"),
    Slip("money that is none", SERVICES, "fee: 5\n", "fee: 5.005\n",
         "fee': an amount in yuan", "at most two decimals and is not negative"),
    Slip("a brand that is none", PLANS, "    brand: MZ\n", "    brand: MY\n",
         "conf/tariffs has no brand 'MY'", "Write one of: QQT, MZ, SZX"),
    Slip("a service that is none", SERVICES, "[LL10, LL30, LL50]", "[LL10, LL30, LL5O]",
         "conf/tariffs has no service 'LL5O'", "Did you mean LL50"),
    Slip("no name in English", SERVICES, "{zh: 来电显示, en: ", "{zh: 来电显示, de: ",
         "name.en' is missing", "Add it"),
    Slip("points for nothing", "tariffs/exchanges.yaml", "points: 1800", "points: 0",
         "points' is too small", "Write 1 or more"),
    Slip("a text nobody says", "replies/en/recharge.yaml", "rc.err.used: ", "rc.err.usedd: ",
         "nothing ever says the text 'rc.err.usedd'", "correct its id"),
    Slip("a fact that is none", WORDS, "{{ balance|yuan }}", "{{ balanse|yuan }}",
         "'balanse' is undefined", "It has now, balance, owed, used, past_due"),
    Slip("a brace too few", WORDS, "{{ balance|yuan }}", "{{ balance|yuan }",
         "'q.balance.pre.ok' cannot be read", "Facts stand like {{ fact|filter }}"),
    Slip("a text that is too long", "replies/zh/tickets.yaml", "tk.ok: ", "tk.ok: " + "长" * 300,
         "'tk.ok' takes 6 short messages, more than 2", "Shorten it, or set parts:"),
    Slip("a screen that is none", MENU, "to: recharge", "to: rechage",
         "goes to 'rechage', which is no screen", "Did you mean recharge"),
    Slip("a command that is none", MENU, "run: q.data, ", "run: q.date, ",
         "there is no command 'q.date'", "Did you mean q.data"),
    Slip("a prefix twice", "regions.yaml", '"1390016"', '"1380013"',
         "the prefix 1380013 is also one of 北京", "Keep one"),
    Slip("hours that are none", "interfaces.yaml", '"15": {', '"15": {hours: 25-26, ',
         "hours of the day are written", "like 8:00-18:00"),
    Slip("an offer nobody can take up", "offers.yaml", "code: KTEDU40", "code: KTEDU41",
         "no command has the code 'KTEDU41'", "Correct it"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of conf/, with gateway.yaml in it."""
    ignored = shutil.ignore_patterns("var")
    return Path(shutil.copytree(OWN_CONF, tmp_path / "conf", ignore=ignored))


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.kind for slip in SLIPS])
def test_each_kind_of_mistake_is_told_with_its_place_and_its_cure(
    folder: Path, capsys: pytest.CaptureFixture[str], slip: Slip
) -> None:
    path = folder / slip.file
    text = path.read_text(encoding="utf-8")
    assert slip.there in text
    path.write_text(text.replace(slip.there, slip.instead, 1), encoding="utf-8")
    line = text[: text.index(slip.there)].count("\n") + 1 + slip.below
    assert main(["check", "--config", str(folder / SETTINGS)]) == 1
    said = capsys.readouterr().err.splitlines()
    told = [each for each in said if each.startswith(f"{path}:{line}: ")]
    assert any(slip.what in each and slip.fix in each for each in told), said


@pytest.mark.parametrize(
    ("file", "octets", "what", "fix"),
    [
        (PLANS, None, "cannot be read: No such file or directory", ""),
        (WORDS, b"\xff\xfeq", "is not UTF-8", "Save it as UTF-8"),
        (COMMANDS, b"", "'rights' is missing", "Add it"),
        (COMMANDS, b"just words", "the file' must be a mapping", "Write name: value"),
    ],
)
def test_a_file_that_is_none_is_named(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    octets: bytes | None,
    what: str,
    fix: str,
) -> None:
    """Missing, in another encoding, empty, or no YAML of ours."""
    path = folder / file
    path.unlink()
    if octets is not None:
        path.write_bytes(octets)
    assert main(["check", "--config", str(folder / SETTINGS)]) == 1
    said = capsys.readouterr().err
    assert f"{path}:1: " in said
    assert what in said
    assert fix in said


def test_a_folder_that_is_none_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its files, one by one, and nothing that only a programmer could read."""
    shutil.rmtree(folder / "replies")
    assert main(["check", "--config", str(folder / SETTINGS)]) == 1
    said = capsys.readouterr().err
    assert f"{folder / 'replies'}:1: there is no such folder of texts" in said
