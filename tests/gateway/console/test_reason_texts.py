"""Why a gateway is not ready is told in Chinese, whatever it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from gateway.channels.reconnecting import LineState
from gateway.config.settings import PROJECT
from gateway.console.watching.reason_texts import reason_catalogue, reason_told
from ivr.ami.session import _BRIEF
from smpp.session_state import _WAITING
from smpp.statuses import _BINDS
from tests.gateway.texts_in_code import text_of

_TELL: dict[str, tuple[str, ...]] = {
    "gateway/ops/readiness.py": ("reasons",),
    "gateway/processes/joint_pages.py": ("joint_readiness", "_reasons_of"),
    "gateway/channels/smpp/links.py": ("reasons", "hold", "__init__"),
    "gateway/channels/voice/asterisk_links.py": ("reasons", "_named_alike", "empty_queues"),
    "gateway/channels/voice/sound_doubts.py": ("reasons", "unheard"),
    "gateway/channels/voice/asterisk_files.py": ("look",),
    "gateway/channels/voice/recordings.py": ("trouble",),
    "gateway/channels/voice/calls.py": ("_recorded",),
    "gateway/cluster/membership.py": ("reasons",),
    "gateway/serving/boss_lane.py": ("reasons",),
    "gateway/store/sessions.py": ("reasons",),
}  # fmt: skip
_NO_REASONS = {"recording failed", "sounds not heard", "<> (<>)"}
_TWISTED = ("Connection ", "User timeout", "TCP connection", "No route", "DNS lookup")


def test_each_reason_has_its_chinese() -> None:
    missing = [said for said in {*_told(), *_ends()} if _chinese(said) is None]
    assert missing == [], "\n".join(missing)


def test_what_is_told_of_lines_and_binds_has_its_chinese() -> None:
    whys = {verdict.reason for verdict in _BINDS.values()} - {"accepted", "bound"}
    states = {state.value for state in LineState}
    for why in (*whys, *_WAITING.values(), *(state.value for state in _BRIEF), *states):
        assert _chinese(why), why


def test_the_catalogue_has_no_reason_that_nothing_tells() -> None:
    files = [path for folder in ("gateway", "smpp", "ivr") for path in
             sorted((PROJECT / folder).rglob("*.py"))]  # fmt: skip
    code = re.sub(r'"\s*\n\s*f?"', "", "\n".join(path.read_text("utf-8") for path in files))
    for one in reason_catalogue():
        if not one.english.startswith(_TWISTED):
            for part in re.split(r"<\d~?>", one.english):
                assert part.strip() in code, one.english


def test_a_reason_is_told_with_what_is_filled_in() -> None:
    refused = "link a is not up: Connection was refused by other side: 111: Connection refused."
    told = "链路 a 没有连上:对端拒绝连接: 111: Connection refused."
    assert reason_told(refused, "zh") == told
    assert reason_told(f"process 2: {refused}", "zh") == f"进程 2:{told}"
    assert reason_told(refused, "en") == refused
    assert reason_told("of another version", "zh") == "of another version"


def _chinese(said: str) -> str | None:
    told = reason_told(said.replace("<>", "X"), "zh")
    return told if re.search("[\u4e00-\u9fff]", told) else None


def _told() -> Iterator[str]:
    for file, functions in _TELL.items():
        tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in functions:
                yield from _texts(node)


def _texts(function: ast.AST) -> Iterator[str]:
    apart = {id(one.value) for one in ast.walk(function) if isinstance(one, ast.Expr)}
    for node in ast.walk(function):
        if isinstance(node, ast.JoinedStr):
            apart |= {id(part) for part in node.values}
        said = text_of(node)
        if id(node) not in apart and " " in said.strip() and said not in _NO_REASONS:
            yield said


def _ends() -> Iterator[str]:
    """Why a session is over."""
    for file in ("smpp/session.py", "ivr/ami/session.py"):
        tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            ends = isinstance(called, ast.Attribute) and called.attr == "_end"
            if (
                isinstance(node, ast.Call)
                and ends
                and node.args
                and (said := text_of(node.args[0]))
            ):
                yield said
