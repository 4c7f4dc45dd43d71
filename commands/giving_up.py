"""Who wants to be rid of something is never offered to order it: 取消彩铃 does not mean KTCL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from commands.register import Code, Register

_RID: Final = re.compile(
    "取消|退订|退掉|退了|关闭|关掉|停用|停掉|停止|不要|不想|不用|别再|去掉|删除|解除"
    "|QUXIAO|TUIDING|GUANBI|BUYAO|CANCEL|STOP|UNSUB|REMOVE"
)
_GETS: Final = re.compile(
    r"sv\.(order(\.\w+)?|change|choices|plan_change|plan_choices|overdraft|forward|reminder"
    r"|vpmn_join)|pt\.\w+|rc\.\w+"
)
_ALL: Final = "un.list"  # 0000: from there everything can be given up
_INSTEAD: Final = {"sv.plan_change": "sv.plan_undo", "sv.plan_choices": "sv.plan_undo"}


def wants_rid(text: str) -> bool:
    """In upper case."""
    return _RID.search(text) is not None


def instead(codes: Iterable[Code], register: Register) -> tuple[Code, ...]:
    """The same codes, and for each that would order something the one that ends it."""
    ending = [_ending(code, register) for code in codes]
    return tuple({code.spec.name: code for code in ending}.values())


def _ending(code: Code, register: Register) -> Code:
    action = code.spec.action
    if not _GETS.fullmatch(action):
        return code
    tail = register.code_of(code.spec).removeprefix("KT")
    for word in (f"QX{tail}", f"QX{tail.rstrip('0123456789')}"):
        found = register.codes.get(word)
        if found is not None and not _GETS.fullmatch(found.spec.action):
            return found
    return register.firsts[_INSTEAD.get(action, _ALL)][0]
