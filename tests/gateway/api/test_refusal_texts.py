"""Whatever the API refuses, it tells in Chinese, too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from gateway.api.problems import answer
from gateway.api.refusal_texts import in_chinese, refusal_catalogue, refused_in
from gateway.config.settings import PROJECT

_REFUSE = ("ActRefusal", "Problem", "DoorRefusal", "UnfitParameters")
_BEFORE_A_FINDING = ("not sound: 1", "the sample does not fit: 1", "the edition cannot be read: 1")
_BY_VERBS_ONLY = {
    "1 cannot be read: 1", "1: no mobile number begins line 1",
    "1: it has 1 numbers; 1 to 1 are taken",
    "ticket 1 1", "operator 1 1", "template 1: 1", "1 1. 1",  # put together of what is told here
}  # fmt: skip


def test_each_refusal_has_its_chinese() -> None:
    apart = _BY_VERBS_ONLY | set(_BEFORE_A_FINDING)
    missing = [f"{where}: {said}" for where, said in _refusals() if said not in apart
               and not in_chinese(said)]  # fmt: skip
    assert missing == [], "\n".join(missing)


def test_an_error_of_the_api_is_told_in_both_languages() -> None:
    told = answer(409, "ticket 5982 is done already").body
    assert "工单 5982 已办结".encode() in bytes(told)
    assert b"ticket 5982 is done already" in bytes(told)


def test_a_partner_is_told_in_chinese_what_a_request_wants() -> None:
    """With the field that it is about."""
    assert refused_in("zh", 422, "parameters: they are one of: short; none") == (
        "parameters 应为以下之一:short; none"
    )
    assert refused_in("zh", 422, "month: it is no month") == "month格式不对(应为 month)"


def test_of_several_refusals_each_is_told() -> None:
    assert refused_in("zh", 409, "a note has words; it is over already") == "备注不能为空;时间已过"


def test_the_catalogue_has_no_refusal_that_nothing_tells() -> None:
    files = [path for folder in ("gateway", "commands") for path in
             sorted((PROJECT / folder).rglob("*.py"))]  # fmt: skip
    code = re.sub(r'"\s*\n\s*f?"', "", "\n".join(path.read_text("utf-8") for path in files))
    code = code.replace("{{", "{").replace("}}", "}")
    for one in refusal_catalogue():
        for part in re.split(r"<\d~?>", one.english):
            assert part.strip(" :;,.") in code, one.english


def test_what_is_filled_in_can_be() -> None:
    """A gap of the Chinese is one of the English, and no gap lies beside another: which of them
    would be filled in cannot be known."""
    for one in refusal_catalogue():
        gaps = re.findall(r"<\d~?>", one.english)
        assert gaps == [f"<{number}>" for number in range(1, len(gaps) + 1)], one.english
        assert set(re.findall(r"<\d~?>", one.chinese)) <= set(gaps), one.chinese
        assert "><" not in one.english, one.english


def _refusals() -> Iterator[tuple[str, str]]:
    """What is given to classes that refuse, of several words; 1 for what is filled in."""
    files = [
        path
        for folder in ("gateway", "commands")
        for path in sorted((PROJECT / folder).rglob("*.py"))
        if "cli" not in path.relative_to(PROJECT).parts
    ]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    bases = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }

    def refuses(name: str) -> bool:
        return name in _REFUSE or any(refuses(base) for base in bases.get(name, ()))

    for path, tree in trees.items():
        named = {
            node.target.id: node.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(node, ast.Call) and isinstance(called, ast.Name) and refuses(called.id):
                given = [named.get(each.id) if isinstance(each, ast.Name) else each
                         for each in node.args]  # fmt: skip
                for said in filter(None, map(_said, given)):
                    yield f"{path.name}:{node.lineno}", said


def _said(node: ast.AST | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if " " in node.value else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values
        )
    return ""
