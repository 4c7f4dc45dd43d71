"""Reports are English on an English page: each figure, its definition, its table."""

from __future__ import annotations

import ast
import re

from gateway.config.settings import PROJECT
from gateway.console.figure_texts import figure_texts, figure_told
from gateway.figures import measures

_OF_FILES = {"表", "对象", "指标", "数值", "单位", "定义", "日报", "月报", "分", "自助营业厅"}
_CHINESE = re.compile("[\u4e00-\u9fff]")


def test_each_figure_and_what_it_means_has_its_english() -> None:
    tell = figure_told("en", {})
    for one in measures.ALL:
        for text in (one.name, one.unit, one.definition):
            assert not _CHINESE.search(tell(text)), text


def test_each_table_has_its_english() -> None:
    """All that gateway/figures says, and nothing else."""
    said = {
        node.value.strip()
        for name in ("report", "details", "basics", "reading")
        for node in ast.walk(ast.parse((PROJECT / f"gateway/figures/{name}.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and _CHINESE.search(node.value)
    }  # fmt: skip
    documented = {text for text in said if "一次解决率" in text and text not in figure_texts()}
    missing = said - figure_texts().keys() - _OF_FILES - documented
    assert missing == set()


def test_a_title_and_names_of_conf_are_told() -> None:
    tell = figure_told("en", {"全球通": "GoTone"})
    assert tell("自助营业厅月报 2026-11") == "The hall's month 2026-11"
    assert (tell("全球通"), tell("q.balance")) == ("GoTone", "q.balance")
    assert figure_told("zh", {})("消息数") == "消息数"
