"""Lines of the log as programs and people want them."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ops.log import Log, LogStyle
from gateway.ops.log_forms import FORMS

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = 1_796_097_600.25  # 2026-12-01 12:00 in Shanghai


def written(style: LogStyle, event: str = "unsent", /, **facts: Any) -> bytes:
    stream = BytesIO()
    Log(stream, lambda: NOON, style).event(event, **facts)
    return stream.getvalue()


def broken() -> ValueError:
    try:
        raise ValueError("739204")
    except ValueError as error:
        return error


def test_a_line_has_moment_level_and_logger() -> None:
    """The moment says its zone."""
    line = orjson.loads(written(LogStyle(zone=SHANGHAI), id=7))
    assert line["at"] == "2026-12-01T12:00:00.250+08:00"
    assert datetime.fromisoformat(line["at"]).timestamp() == NOON
    assert (line["level"], line["event"], line["id"]) == ("warning", "unsent", 7)
    assert line["logger"] == __name__


def test_elastic_finds_its_own_names() -> None:
    """What it has no name for stands apart."""
    line = orjson.loads(
        written(LogStyle(format="ecs", zone=SHANGHAI), "failed", error=broken(), id=7)
    )
    assert line["@timestamp"] == "2026-12-01T12:00:00.250+08:00"
    assert (line["log.level"], line["log.logger"], line["message"]) == ("error", __name__, "failed")
    assert line["error.type"] == "ValueError"
    assert "broken, test_log_forms.py" in line["error.stack_trace"]
    assert line["hallgate"] == {"id": 7}
    assert b"739204" not in orjson.dumps(line)


def test_people_read_a_line_and_the_frames_below() -> None:
    """Without the words of the exception."""
    said = written(LogStyle(format="console", zone=SHANGHAI), "failed", error=broken(), id=7)
    first, *frames = said.decode().splitlines()
    assert re.match(r"2026-12-01 12:00:00\.250\+08:00 ERROR +failed +.*id=7", first)
    assert frames
    assert all(frame.startswith("    ") for frame in frames)
    assert "739204" not in said.decode()


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("info", ["served", "unsent", "failed", "audit anchor"]),
        ("warning", ["unsent", "failed", "audit anchor"]),
        ("error", ["failed", "audit anchor"]),
    ],
)
def test_what_is_less_grave_is_left_out(level: str, told: list[str]) -> None:
    """But for what is proof."""
    stream = BytesIO()
    log = Log(stream, style=LogStyle(level=level))
    log.events({"event": name} for name in ("served", "unsent", "failed", "audit anchor"))
    assert [orjson.loads(line)["event"] for line in stream.getvalue().splitlines()] == told


FACTS = st.dictionaries(
    st.sampled_from(["id", "phone", "reason", "level", "at"]),
    st.one_of(st.text(), st.integers(-(2**53), 2**53), st.lists(st.text()), st.none()),
)


@given(st.sampled_from(sorted(FORMS)), FACTS)
def test_whatever_is_said_is_one_line(form: str, facts: dict[str, object]) -> None:
    """A fact with line ends does not make two of it."""
    said = written(LogStyle(format=form), **facts)
    assert said.endswith(b"\n")
    assert len(said.splitlines()) == 1 or form == "console"
    if form == "console":
        assert said.count(b"\n") == 1


@pytest.mark.parametrize("form", ["json", "ecs"])
def test_no_fact_takes_the_place_of_what_every_line_has(form: str) -> None:
    """Whoever filters by level would not see a line whose own fact is called so."""
    line = orjson.loads(written(LogStyle(format=form), level=3, at=0, logger="x"))
    assert line.get("level", line.get("log.level")) == "warning"
    assert line.get("logger", line.get("log.logger")) == __name__


def test_settings_say_how_it_is_written() -> None:
    """On a real program: a mistake of the configuration is no line of the log."""
    program = (
        "from gateway.config.settings import Settings\n"
        "from gateway.ops.log_style import log_style\n"
        "print(log_style(Settings(log={'level': 'warning', 'format': 'ecs'})))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "level='warning', format='ecs'" in ran.stdout
    assert "Asia/Shanghai" in ran.stdout
