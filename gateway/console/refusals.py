"""What of a form does not fit, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from gateway.api.refusal_texts import in_chinese
from gateway.console.pages import Words

_UNFIT: Final[Mapping[str, Words]] = {
    "missing": Words("必须填写", "is needed"),
    "string_too_short": Words("必须填写", "is needed"),
    "string_too_long": Words("太长", "is too long"),
    "string_pattern_mismatch": Words("格式不对", "has another form"),
    "int_parsing": Words("应为数字", "is a number"),
    "greater_than_equal": Words("太小", "is too small"),
    "less_than_equal": Words("太大", "is too large"),
    "date_from_datetime_parsing": Words("应为日期", "is a date"),
    "datetime_from_date_parsing": Words("应为时间", "is a moment"),
    "enum": Words("没有这个选项", "is none of the choices"),
    "literal_error": Words("没有这个选项", "is none of the choices"),
    "too_short": Words("必须填写", "is needed"),
    "too_long": Words("太多", "are too many"),
}
_FIELDS: Final[Mapping[str, Words]] = {
    "number": Words("号码", "the number"),
    "numbers": Words("号码", "the numbers"),
    "subscriber": Words("用户号码", "the subscriber's number"),
    "phones": Words("试发号码", "the numbers"),
    "reason": Words("原因", "the reason"),
    "result": Words("处理结果", "the result"),
    "words": Words("内容", "the words"),
    "said": Words("内容", "the words"),
    "operator": Words("工号", "the operator"),
    "password": Words("密码", "the password"),
    "code": Words("动态码", "the code"),
    "name": Words("名称", "the name"),
    "role": Words("角色", "the role"),
    "kind": Words("类别", "the kind"),
    "region": Words("地区", "the region"),
    "other": Words("并入的单号", "the other ticket"),
    "at": Words("开始时间", "the beginning"),
    "until": Words("结束时间", "the end"),
    "old": Words("原密码", "the old password"),
    "new": Words("新密码", "the new password"),
    "zh": Words("中文内容", "the Chinese text"),
    "en": Words("英文内容", "the English text"),
    "control": Words("对照组比例", "the control group"),
    "start": Words("开始时间", "the start"),
    "happens": Words("发生时间", "the event"),
    "ends": Words("截止时间", "the end"),
    "type": Words("名单类型", "the type"),
    "text": Words("内容", "the text"),
    "since": Words("起始时间", "the beginning"),
    "action": Words("动作", "the action"),
}


def misfits(language: str, unfit: ValidationError) -> str:
    """Each field that does not fit; never what was typed."""
    joint = "; " if language == "en" else ";"
    return joint.join(dict.fromkeys(_misfit(language, one) for one in unfit.errors()))


def _misfit(language: str, one: Any) -> str:
    named = [str(part) for part in one["loc"] if not isinstance(part, int)]
    field = named[-1] if named else ""
    if one["type"] == "value_error" and not named:  # of the form as a whole, in words of its own
        detail = str(one["ctx"]["error"])
        if whole := detail if language == "en" else in_chinese(detail):
            return whole
    what = _UNFIT.get(one["type"], Words("填写不对", "does not fit")).said(language)
    name = _FIELDS[field].said(language) if field in _FIELDS else field
    return f"{name} {what}" if language == "en" else f"{name}{what}"
