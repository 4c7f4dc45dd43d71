"""Why something was not done, in Chinese: the API tells it in English, and has both in what it
answers. refusal_texts.tsv has the Chinese; what has none is told as it is, after what kind of
refusal it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from gateway.config.chinese_texts import ChineseText, ChineseTexts
from gateway.config.finding_texts import line_told

_KINDS: Final[Mapping[int, str]] = {
    400: "请求无法识别",
    403: "您没有权限",
    404: "没有找到",
    409: "不能这样办理",
    411: "请求不完整",
    413: "内容太长",
    415: "请求格式不对",
    422: "填写的内容不对",
    429: "操作太频繁,请稍候再试",
    500: "系统出错,已记录",
    503: "数据库暂时没有响应,请稍候再试",
}

_TEXTS: Final = ChineseTexts(Path(__file__).with_suffix(".tsv"))

# before a finding of conf/
_FOUND: Final = re.compile(
    r"(not sound|the sample does not fit|the edition cannot be read): (.+)", re.DOTALL
)
_BEFORE: Final[Mapping[str, str]] = {
    "not sound": "还有问题",
    "the sample does not fit": "样例数据与配置不符",
    "the edition cannot be read": "这个版本读不了",
}


def refusal_catalogue() -> Iterator[ChineseText]:
    """In the order of the file."""
    return _TEXTS.entries()


def refused_in(language: str, status: int, detail: str) -> str:
    if language == "en":
        return detail
    if found := _FOUND.fullmatch(detail):
        return f"{_BEFORE[found[1]]}:{line_told(found[2]) or found[2]}"
    several = [in_chinese(part) for part in detail.split("; ")]
    if all(several):
        return ";".join(several)
    if whole := in_chinese(detail):
        return whole
    return f"{_KINDS.get(status, '没有成功')}:{detail}"


def told_in(language: str, detail: str) -> str:
    """What the API tells of a part, such as a line of a file; as it is, if it has no Chinese."""
    return detail if language == "en" else in_chinese(detail) or detail


def in_chinese(detail: str) -> str:
    """Empty: it has none."""
    return _TEXTS.of(detail)
