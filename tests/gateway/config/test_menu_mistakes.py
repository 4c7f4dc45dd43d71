"""Mistakes planted in the shipped menus, as an operations person would make them: each is found in
its file, on its line, with what to write."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.menu_check import check_menus
from menus.model.text_size import UNITS, on_ussd
from tests.commands.fakes import OWN_CONF, own_sample
from tests.gateway.config.planted_mistakes import MISTAKES
from tests.gateway.hall import own_book
from tests.menus.books import own_world

pytestmark = pytest.mark.slow


def findings(folder: Path) -> list[Finding]:
    try:
        check_menus(folder, own_world())
    except BadFile as bad:
        return bad.findings
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped menus, to be spoilt."""
    return Path(shutil.copytree(OWN_CONF / "menus", tmp_path / "menus"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[3])
def test_each_mistake_is_found(folder: Path, mistake: tuple[str, ...]) -> None:
    """One thing is wrong; the first line says where, what, and what to write."""
    name, there, instead, what, fix, *elsewhere = mistake
    text = (folder / name).read_text(encoding="utf-8")
    assert there in text
    spoilt = text.replace(there, instead, 1)
    (folder / name).write_text(spoilt, encoding="utf-8")
    found = [finding for finding in findings(folder) if what in finding.what]
    assert found, findings(folder)
    told_in, words = elsewhere if len(elsewhere) == 2 else (name, *elsewhere, "")[:2]
    lines = (folder / told_in).read_text(encoding="utf-8").split("\n")
    line = next(n for n, one in enumerate(lines, 1) if words in f"{one}\n") if words else 0
    assert Path(found[0].file).name == told_in
    assert found[0].line == (line or text[: text.index(there)].count("\n") + 1), str(found[0])
    assert fix in found[0].fix, str(found[0])


PLANS = [(persona.account.msisdn, persona.account.plan) for persona in own_sample().personas]


@pytest.mark.parametrize("over", [0, 1])
@pytest.mark.parametrize(("phone", "plan"), PLANS)
def test_one_unit_too_much_for_a_persona_is_found(
    folder: Path, phone: str, plan: str, over: int
) -> None:
    """A screen with the name of their plan fits exactly, or not by one unit."""
    name = str(own_book().catalogue.plans[plan].name)
    filled = f"{phone[:3]}****{phone[-4:]}{name}"
    text = "厅" * (UNITS - on_ussd(f"{filled}厅\n0返回").used + 1 + over)
    hall = folder / "hall.yaml"
    said = hall.read_text(encoding="utf-8")
    screen = f'  news: {{say: {{zh: "{{phone}}{{plan}}{text}", en: News}}}}\n'
    hall.write_text(
        said.replace("to: more}", "to: news}").replace("\n  more:", f"\n{screen}  more:")
    )
    told = [f.what for f in findings(folder) if f.what.startswith("news: in zh takes 2 pages")]
    longest = max(own_world().facts["zh"]["plan"], name, key=len) == name
    assert told or (longest and not over)
    assert not (told and longest and not over)


def test_a_value_that_is_no_gsm7_takes_half_the_room(folder: Path) -> None:
    """One plan without an English name makes every English text with it a text of UCS-2."""
    hall = folder / "hall.yaml"
    said = hall.read_text(encoding="utf-8")
    screen = f'  news: {{say: {{zh: 新闻, en: "{{plan}}{"x" * 100}"}}}}\n'
    hall.write_text(
        said.replace("to: more}", "to: news}").replace("\n  more:", f"\n{screen}  more:")
    )
    assert not [finding for finding in findings(folder) if "news: in en" in finding.what]
    world = own_world()
    wide = {**world.wide, "en": {**world.wide["en"], "plan": "套餐"}}
    with pytest.raises(BadFile, match="news: in en takes 2 pages of USSD"):
        check_menus(folder, replace(world, wide=wide))
