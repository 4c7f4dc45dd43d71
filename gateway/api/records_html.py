"""Detailed records as a page and as a file, in either language. No script, nothing fetched."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256
from html import escape
from typing import Final
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from commands.model.one_time_links import OneTimeLink
from commands.parser.masking import masked_number
from gateway.api.downloads import as_file
from gateway.model.detailed_record import DetailedRecord
from gateway.wording.csv_cells import plain_cell

_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;margin:1rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ccc;padding:.3rem;"
    "text-align:left}form{margin:1rem 0}label{margin-right:1rem}"
)
_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_FILTERS: Final = ("kind", "other", "from", "to")


@dataclass(frozen=True, slots=True)
class PageTexts:
    code: str
    title: str
    heads: tuple[str, ...]  # type, other number, time, length, fee
    kinds: Mapping[str, str]
    all: str
    other: str
    since: str
    until: str
    filter: str
    download: str
    total: str
    none: str
    gone: str
    away: str


_ZH: Final = PageTexts(
    "zh", "详单", ("类型", "对方号码", "开始时间", "时长/用量", "费用(元)"),
    {"call_out": "主叫", "call_in": "被叫", "missed": "未接", "sms": "短信", "data": "流量"},
    "全部", "对方号码(全部或末几位)", "从", "到", "筛选", "下载", "共{count}条,费用合计{yuan}元",
    "没有符合条件的记录", "此链接已失效。每个链接只能打开一次,请发送CXXD到10086重新获取。",
    "详单暂时无法查询,链接仍然有效,请稍后再打开。",
)  # fmt: skip
_EN: Final = PageTexts(
    "en", "Detailed records", ("Type", "Other number", "Began", "Length", "Fee (yuan)"),
    {"call_out": "call made", "call_in": "call taken", "missed": "missed", "sms": "SMS",
     "data": "data"},
    "all", "other number, or its last digits", "from", "to", "Filter", "Download",
    "{count} records, {yuan} yuan in all", "No such records",
    "This link is no longer good. Each opens once: send CXXD to 10086 for another.",
    "The records cannot be had at this moment. The link stays good: open it again in a while.",
)  # fmt: skip


def in_language(language: str) -> PageTexts:
    return _EN if language == "en" else _ZH


def gone() -> HTMLResponse:
    """Unknown, used and too old look alike."""
    words = f"<p>{escape(_ZH.gone)}</p><p>{escape(_EN.gone)}</p>"
    return _html("zh", _ZH.title, words, 410)


def away() -> HTMLResponse:
    """Whoever has the records does not answer."""
    words = f"<p>{escape(_ZH.away)}</p><p>{escape(_EN.away)}</p>"
    return _html("zh", _ZH.title, words, 503)


def as_html(
    link: OneTimeLink,
    records: Sequence[DetailedRecord],
    chosen: Mapping[str, str],
    texts: PageTexts,
    zone: tzinfo,
) -> HTMLResponse:
    title = f"{texts.title} {masked_number(link.msisdn)} {link.month // 100}-{link.month % 100:02}"
    heads = "".join(f"<th>{escape(head)}</th>" for head in texts.heads)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _row(record, texts, zone))}</tr>"
        for record in records
    )
    fee = f"{sum(record.fen for record in records) / 100:.2f}"
    total = texts.total.format(count=len(records), yuan=fee) if records else texts.none
    kept = urlencode({name: chosen[name] for name in _FILTERS if chosen.get(name)})
    body = (
        f"<h1>{escape(title)}</h1>{_form(chosen, texts)}<p>{escape(total)}</p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f'<p><a href="/x/view.csv?{escape(kept)}">{escape(texts.download)}</a></p>'
    )
    return _html(texts.code, title, body)


def as_csv(
    link: OneTimeLink, records: Sequence[DetailedRecord], texts: PageTexts, zone: tzinfo
) -> Response:
    """With a mark of UTF-8 before it: without one spreadsheets take Chinese for something else."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(texts.heads)
    for record in records:
        kind, other, *figures = _row(record, texts, zone)
        writer.writerow((plain_cell(kind), plain_cell(other), *figures))
    return Response(
        f"\ufeff{text.getvalue()}",
        media_type="text/csv",
        headers=as_file(f"records-{link.month}.csv"),
    )


def _row(record: DetailedRecord, texts: PageTexts, zone: tzinfo) -> tuple[str, ...]:
    return (
        texts.kinds.get(record.kind, record.kind),
        masked_other(record.other),
        f"{datetime.fromtimestamp(record.began_at, zone):%Y-%m-%d %H:%M:%S}",
        _length(record),
        f"{record.fen / 100:.2f}",
    )


def masked_other(number: str) -> str:
    """Somebody else's number is not for whoever holds a link: its middle is hidden; of a short one
    nothing is anybody's."""
    if len(number) < 7:
        return number
    return masked_number(number) if len(number) >= 11 else f"{number[:2]}****{number[-2:]}"


def _length(record: DetailedRecord) -> str:
    if record.kind == "data":
        return f"{record.length / 1024:.2f} MB"
    if record.kind == "sms":
        return str(record.length)
    hours, seconds = divmod(record.length, 3600)
    return f"{hours}:{seconds // 60:02}:{seconds % 60:02}"


def _form(chosen: Mapping[str, str], texts: PageTexts) -> str:
    options = "".join(
        f'<option value="{code}"{" selected" if chosen.get("kind") == code else ""}>'
        f"{escape(name)}</option>"
        for code, name in {"": texts.all, **texts.kinds}.items()
    )
    fields = "".join(
        f"<label>{escape(label)} "
        f'<input name="{name}" type="{kind}" value="{escape(chosen.get(name, ""))}"></label>'
        for name, label, kind in (
            ("other", texts.other, "text"), ("from", texts.since, "date"),
            ("to", texts.until, "date"),
        )
    )  # fmt: skip
    button = f"<button>{escape(texts.filter)}</button>"
    return f'<form action="/x/view"><select name="kind">{options}</select> {fields}{button}</form>'


def _html(language: str, title: str, body: str, status: int = 200) -> HTMLResponse:
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>"
    )
    return HTMLResponse(page, status, headers={"Content-Security-Policy": _POLICY})
