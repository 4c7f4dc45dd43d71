"""What can be wrong with rules, interfaces, sub-ports and recommendations, found with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gateway.config import business
from gateway.config.checked_yaml import BadFile
from tests.commands.fakes import OWN_CONF, SIGNATURE

WORDS, RULES = "plain/words.yaml", "plain/rules.yaml"
COMMANDS, DOORS, OFFERS = "commands.yaml", "interfaces.yaml", "offers.yaml"
REMINDERS = "reminders.yaml"
SMS = '"10": {kind: self_service, '

BROKEN = [
    # file, what stands there, what is written instead, what is found
    (COMMANDS, "suspend: 0:00-24:00", "suspended: 0:00-24:00", "no operation 'suspended'"),
    (COMMANDS, "suspend: 0:00-24:00", "suspend: always", "hours of the day are written like"),
    (COMMANDS, "[free_service, paid_service,", "[free_servise, paid_service,", "'free_servise'"),
    (COMMANDS, "reads: tk.spam", "reads: tk.spamm", "there is no command 'tk.spamm'"),
    (COMMANDS, "help: fb.form", "help: fb.from", "no text 'fb.from'"),
    (COMMANDS, "满意: PF10", "满意: FP10", "'FP10' begins with no command"),
    (COMMANDS, "  rest: 10 min", "  rest: ten", "a duration is written like"),
    (COMMANDS, "numbers_per_phone: 5", "numbers_per_phone: 0", "numbers_per_phone"),
    (COMMANDS, '  "999": {', '  "9x9": {', "9x9"),
    (DOORS, SMS, '"11": {kind: self_service, ', "the interface number 10"),
    (DOORS, SMS, SMS + 'operators: ["1"], ', "subscribers serve themselves at 10"),
    (DOORS, SMS, SMS + "operations: [querry], ", "no operation 'querry'"),
    (DOORS, SMS, '"10": {kind: self_servise, ', "interfaces.10.kind"),
    (DOORS, SMS, SMS + "hours: 8-18, ", "hours of the day are written like"),
    (DOORS, SMS, '"20": {kind: hall, name: {zh: 厅, en: h}}\n  ' + SMS, "come from its staff"),
    (OFFERS, "code: KTEDU40", "code: KTEDU41", "no command has the code 'KTEDU41'"),
    (OFFERS, "[q.allowance, q.plan]", "[q.allowance, sv.order]", "there is no 'sv.order'"),
    (OFFERS, "brands: [MZ]", "brands: [MX]", "there is no 'MX'"),
    (OFFERS, "brands: [MZ]", "plans: [MZ99]", "there is no 'MZ99'"),
    (OFFERS, "brands: [MZ]", "weight: 0", "offers.campus40.weight"),
    (WORDS, "  found: [找到了", "  found: [停机", "'停机' stands under suspend as well"),
    (WORDS, "  puk: [PUK", '  puk: ["", PUK', "words.puk.0"),
    (WORDS, "  stop: [停", "  stopp: [停", "there is no 'stop'"),
    (WORDS, "by_sound: [balance", "by_sound: [balanse", "no words 'balanse'"),
    (RULES, '"{authcode}"', '"{authcod}"', "no words 'authcod'"),
    (RULES, 'if: "{rename}"', 'if: "({rename}"', "is no pattern"),
    (RULES, "says: [GH]", "says: [GHX]", "'GHX' is no code"),
    (RULES, "close: sv.cancel.tone", "close: sv.cancel.tune", "no command 'sv.cancel.tune'"),
    (RULES, "says: [GH]", "sais: [GH]", "sais"),
    (OFFERS, "brands: [MZ]", 'from: "2027-02-30"', "offers.campus40.from"),
    (
        OFFERS,
        "    brands: [MZ]",
        '    from: "2027-02-01"\n    until: "2027-01-31"',
        "it ends before it begins",
    ),
    (REMINDERS, "workdays: 9:00-20:00", "workdays: 21:00-8:00", "21:00-8:00 goes over midnight"),
    (REMINDERS, "workdays: 9:00-20:00", "workdays: 8-21", "hours of the day are written like"),
    (REMINDERS, "charge: {to: wish}", "charge: {to: nobody}", "SFTX promises charge"),
    (REMINDERS, "  charge: {to: wish}\n", "", "SFTX promises charge, and nobody gets it"),
    (REMINDERS, "balance_low: {to: default", "balance_low: {to: nobody", "KTYETX#20 promises"),
    (REMINDERS, "charge: {to: wish}", "charge: {to: wishes}", "reminders.charge.to"),
    (REMINDERS, "charge: {to: wish}", "charges: {to: wish}", "reminders.charges"),
    (REMINDERS, "charge: {to: wish}", "charge: {to: wish, days: 3}", "no use for 'days'"),
    (REMINDERS, "plan_ending: {to: default, days: 7}", "plan_ending: {to: all}", "needs 'days'"),
    (REMINDERS, "at: [80, 100]", "at: [0]", "reminders.allowance.at"),
    (REMINDERS, "data_mb: [LL30", "data: [LL30", "nothing is named 'data'"),
    (REMINDERS, "[LL30, LL10", "[LL31, LL10", "no service 'LL31'"),
    (REMINDERS, "data_mb: [LL30, LL10, LL50]", "sms: [DX10]", "DX10 begins next month only"),
    (REMINDERS, "data_mb: [LL30", "data_mb: [LDXS", "LDXS includes no data_mb"),
    (REMINDERS, "below: 10", "below: -1", "reminders.balance_low.below"),
    (REMINDERS, "times: 2", "times: 0.5", "reminders.high_bill.times"),
    (OFFERS, 'en: "40 h campus WLAN, {price:EDU40} yuan"', 'de: "WLAN"', "offers.campus40.pitch"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's own conf/."""
    return Path(shutil.copytree(OWN_CONF, tmp_path / "conf"))


def changed(folder: Path, file: str, there: str, instead: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert there in text
    path.write_text(text.replace(there, instead, 1), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(("file", "there", "instead", "what"), BROKEN)
def test_each_mistake_is_found_in_its_file(
    folder: Path, file: str, there: str, instead: str, what: str
) -> None:
    """And nothing is loaded."""
    changed(folder, file, there, instead)
    with pytest.raises(BadFile) as bad:
        business.load(folder, signature=SIGNATURE)
    found = [finding for finding in bad.value.findings if what in str(finding)]
    assert found
    assert found[0].file == str(folder / file)
    assert found[0].line > 1


@pytest.mark.parametrize("operation", ["password_change", "password_random", "qery"])
def test_a_weak_password_may_not_block_its_own_change(folder: Path, operation: str) -> None:
    """Nor what is no operation."""
    changed(folder, COMMANDS, "limits:\n", f"limits:\n  weak_blocks: [{operation}]\n")
    with pytest.raises(BadFile, match=f"'{operation}'"):
        business.load(folder, signature=SIGNATURE)


def test_what_is_written_is_what_holds(folder: Path) -> None:
    """Settings, doors and recommendations as the files have them."""
    changed(folder, COMMANDS, "limits:\n", "limits:\n  weak_blocks: [new_card]\n")
    changed(folder, COMMANDS, "numbers_per_phone: 5", "numbers_per_phone: 7")
    changed(folder, DOORS, SMS, SMS + "hours: 22:00-6:00, operations: [query], region: 北京, ")
    read = business.load(folder, signature=SIGNATURE)
    assert read.register.settings.weak_blocks == {"new_card"}
    assert read.register.settings.spray.numbers_per_phone == 7
    door = read.register.registry["10"]
    assert (str(door.hours), door.operations, door.region) == (
        "22:00-6:00",
        frozenset({"query"}),
        "北京",
    )
    (offer,) = read.offers.offers
    assert (offer.code, offer.service, offer.until) == ("KTEDU40", "EDU40", 0)


def test_an_offer_runs_to_the_end_of_its_last_day(folder: Path) -> None:
    """In the operator's time zone."""
    changed(folder, OFFERS, "    brands: [MZ]", '    from: "2026-11-21"\n    until: "2026-11-21"')
    (offer,) = business.load(folder, signature=SIGNATURE).offers.offers
    assert (offer.since, offer.until) == (1_795_190_400, 1_795_276_800)
