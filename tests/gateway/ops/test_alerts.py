"""Alert rules and board: Prometheus takes them, and whatever they name is counted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_twisted
from ruamel.yaml import YAML

from gateway.app import gateway
from gateway.ops.log import Log
from gateway.processes.joint_pages import PageAnswer, joint_metrics
from smpp.statuses import Treatment
from tests.promtool import checked
from tests.stories.deployment import Deployment

DEPLOY = Path(__file__).parents[3] / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yaml"
BOARD = DEPLOY / "grafana" / "hallgate.json"
RULE_TESTS = Path(__file__).with_name("alerts.test.yaml")
NAMES = re.compile(r"hallgate_[a-z0-9_]+")


async def scraped(folder: Path) -> bytes:
    """Of a gateway that has a BOSS and has served something of every kind that is counted."""
    from twisted.internet import reactor

    house = Deployment(folder, f"sqlite:///{folder / 'hall.db'}")
    house.configure([], boss={"url": "http://127.0.0.1:9/"})
    async with gateway(house.settings, reactor, Log(BytesIO())) as running:  # type: ignore[arg-type]
        counts = running.counts
        counts.arrived("smsc-a")
        counts.submitted("smsc-a", Treatment.ACCEPTED)
        counts.answered(0.02)
        counts.batch([("sms", "q.balance", "ok")], [("01", "sys.channel")], 0.004)
        return counts.text()


@pytest.mark.service
@pytest_twisted.ensureDeferred
async def test_prometheus_finds_nothing_wrong_with_what_is_counted(tmp_path: Path) -> None:
    """Names, units, types, help; also when several processes answer as one."""
    text = await scraped(tmp_path)
    assert checked("check", "metrics", said=text) == ""
    _, _, joint = joint_metrics({1: PageAnswer(200, text), 2: PageAnswer(200, text)})
    assert checked("check", "metrics", said=joint) == ""


@pytest.mark.service
def test_each_alert_fires_for_its_own_reason(tmp_path: Path) -> None:
    """And none in an ordinary hour."""
    assert checked("check", "rules", ALERTS) == ""
    told = RULE_TESTS.read_text(encoding="utf-8").replace("[ALERTS]", f"[{ALERTS}]")
    (tmp_path / "rules.yaml").write_text(told, encoding="utf-8")
    assert checked("test", "rules", tmp_path / "rules.yaml") == ""


def rules() -> list[dict[str, Any]]:
    groups = YAML(typ="safe").load(ALERTS)["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_alert_is_tried() -> None:
    """One that is new and never tried might never fire."""
    tried = RULE_TESTS.read_text(encoding="utf-8")
    assert [one["alert"] for one in rules() if one["alert"] not in tried] == []


def test_every_alert_is_explained() -> None:
    """docs/running.md says what it means and what to do."""
    told = (DEPLOY.parent / "docs" / "running.md").read_text(encoding="utf-8")
    assert [one["alert"] for one in rules() if f"`{one['alert']}`" not in told] == []


def shown() -> Iterator[str]:
    for panel in json.loads(BOARD.read_text(encoding="utf-8"))["panels"]:
        yield from (target["expr"] for target in panel["targets"])


@pytest_twisted.ensureDeferred
async def test_what_rules_and_board_name_is_counted(tmp_path: Path) -> None:
    """A metric that has got another name would be an alert that never fires."""
    text = (await scraped(tmp_path)).decode()
    there = set(re.findall(r"^# TYPE (hallgate_[a-z0-9_]+)", text, re.MULTILINE))
    there |= {f"{name}_bucket" for name in there}
    named = {name for query in (*shown(), *(one["expr"] for one in rules()))
             for name in NAMES.findall(query)}  # fmt: skip
    assert sorted(named - there) == []
    assert len(named) > 20
