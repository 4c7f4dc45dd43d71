"""Pages of several gateways as of one."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from gateway.processes.joint_pages import (
    PageAnswer,
    joint_health,
    joint_metrics,
    joint_readiness,
)

READY = PageAnswer(200, b'{"ready":true,"reasons":[]}')
SILENT = PageAnswer(0, b"")


def not_ready(*reasons: str) -> PageAnswer:
    return PageAnswer(503, orjson.dumps({"ready": False, "reasons": reasons}))


@pytest.mark.parametrize(
    ("pages", "status", "reasons"),
    [
        ({1: READY, 2: READY}, 200, []),
        ({1: READY, 2: not_ready("no link is up")}, 200, ["process 2: no link is up"]),
        ({1: READY, 2: SILENT}, 200, ["process 2: it does not answer"]),
        ({2: SILENT}, 503, ["process 2: it does not answer"]),
        ({1: not_ready("a", "b")}, 503, ["process 1: a", "process 1: b"]),
        ({1: PageAnswer(503, b"\xff{")}, 503, ["process 1: it answers what nobody understands"]),
        ({1: PageAnswer(503, b"[]")}, 503, ["process 1: it answers what nobody understands"]),
    ],
)  # fmt: skip
def test_the_hall_is_ready_if_one_process_is_and_says_what_the_others_lack(
    pages: dict[int, PageAnswer], status: int, reasons: list[str]
) -> None:
    found, _, body = joint_readiness(pages)
    assert found == status
    assert orjson.loads(body) == {"ready": status == 200, "reasons": reasons}


def test_health_is_of_this_process_and_tells_how_the_others_are() -> None:
    status, _, body = joint_health({1: READY, 2: SILENT})
    assert status == 200
    assert orjson.loads(body) == {"alive": True, "processes": {"1": True, "2": False}}


def metrics(of: int) -> PageAnswer:
    lines = (
        "# HELP hallgate_sms_in_total Messages from subscribers",
        "# TYPE hallgate_sms_in_total counter",
        f'hallgate_sms_in_total{{link="smsc-a"}} {of}.0',
        "# HELP hallgate_desk_unfinished Requests taken in",
        "# TYPE hallgate_desk_unfinished gauge",
        f"hallgate_desk_unfinished {of}0.0",
        "",
    )
    return PageAnswer(200, "\n".join(lines).encode())


def samples(text: bytes) -> dict[tuple[str, str, str], float]:
    return {
        (one.name, one.labels.get("process", ""), one.labels.get("link", "")): one.value
        for family in text_string_to_metric_families(text.decode())
        for one in family.samples
    }


def test_figures_of_all_processes_stand_side_by_side() -> None:
    _, _, text = joint_metrics({1: metrics(1), 2: metrics(2), 3: SILENT})
    assert samples(text) == {
        ("hallgate_process_up", "1", ""): 1,
        ("hallgate_process_up", "2", ""): 1,
        ("hallgate_process_up", "3", ""): 0,
        ("hallgate_sms_in_total", "1", "smsc-a"): 1,
        ("hallgate_sms_in_total", "2", "smsc-a"): 2,
        ("hallgate_desk_unfinished", "1", ""): 10,
        ("hallgate_desk_unfinished", "2", ""): 20,
    }
    # each family is described once, as Prometheus demands
    assert text.count(b"# TYPE hallgate_sms_in_total ") == 1


@given(st.integers(0, 400))
def test_figures_that_were_cut_off_do_not_hide_those_of_the_others(cut: int) -> None:
    whole = metrics(2)
    _, _, text = joint_metrics({1: metrics(1), 2: whole._replace(body=whole.body[:cut])})
    assert samples(text)["hallgate_sms_in_total", "1", "smsc-a"] == 1
