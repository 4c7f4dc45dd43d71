"""Steps of USSD are measured as subscribers see them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.host.machine import cores
from tests.bench.rounds import Times
from tests.bench.test_ratio_table import a_load, by_first_cell
from tests.bench.ussd import KEYS, UssdHallgate, UssdRound, play, told


@pytest.mark.slow
def test_everybody_gets_the_screen_of_each_key(tmp_path: Path):
    """Past the end of a dialogue and into the next; a whole gateway, over SMPP."""
    system = UssdHallgate(subscribers=251)
    system.prepare(tmp_path)

    played = play(system, tmp_path / "round", cores(), Times(0.1, 0.5))

    assert played.faults() == 0
    assert played.dials.result.answered == 249  # one dialled to see that the gateway is there
    assert played.alone.result.answered > 50
    assert played.alone.cpu_us_each > 10


def test_a_screen_that_no_key_leads_to_is_wrong():
    """Whoever fell out of the menus, or out of step with them."""
    system = UssdHallgate()

    assert system.right(0, "业务办理\n1流量包\n0返回")
    assert system.right(0, "感谢使用,再见。")
    assert not system.right(0, "输入有误,请重新输入。\n业务办理\n0返回")
    assert not system.right(0, "本次操作时间过长,请重新开始。")
    assert not system.right(0, "您上次的操作没有完成。\n1继续\n2回到主菜单\n0退出")


def test_a_dialogue_is_short_enough_to_be_walked_to_its_end():
    """Sixty inputs, the first of them the code, are all that conf/menus allows."""
    assert len(KEYS) < 60


def test_it_is_told_in_lines_with_what_must_be():
    """Microseconds of a step, the delay of the slowest."""
    load = a_load(4000, cpu=0.9, p99=12.5)
    lines = by_first_cell(told([UssdRound(load, load, load, load)]))

    assert lines["CPU µs of a step at 200/s"].split()[-3:] == ["900", "≤", "800"]
    assert lines["p99 ms at 1,000/s"].split()[-3:] == ["12.5", "≤", "15"]
