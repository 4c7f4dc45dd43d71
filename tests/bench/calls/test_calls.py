"""The bench of calls: what callers send, and how its figures are told."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.bench.calls.calls_report import told
from tests.bench.calls.rate_steps import Driver, Step, rates_held
from tests.bench.calls.sipp_load import Crowd
from tests.ivr.telephones.call_audio import talk, write
from tests.ivr.telephones.rtp import A_LAW, EVENTS
from tests.ivr.telephones.sipp_scenario import scenario


def step(driver: str, rate: float, right: int = 100, own: float | None = None) -> Step:
    return Step(driver, rate, Crowd(98, 0, 2, 0, (0.020, 0.030)), right, 20.0, own)


def test_keys_are_events_that_begin_go_on_and_end() -> None:
    """One key in its time: four frames of it, its end told three times, then silence again."""
    packets = list(talk({0.1: "7"}, 0.4))
    heads = [struct.unpack("!BBHII", packet.payload[:12]) for packet in packets]
    assert [number for _, _, number, _, _ in heads] == list(range(1, len(heads) + 1))
    events = [p for p in packets if p.payload[1] & 0x7F == EVENTS]
    assert [p.payload[12] for p in events] == [7] * 7
    assert [bool(p.payload[13] & 0x80) for p in events] == [False] * 4 + [True] * 3
    assert len({p.payload[4:8] for p in events}) == 1
    assert [p.payload[1] & 0x7F for p in packets[:5]] == [A_LAW] * 5
    assert packets[-1].payload[1] == A_LAW


def test_every_frame_has_its_packet() -> None:
    """20 ms apart, whatever is typed; a second key begins after the gap behind the first."""
    packets = list(talk({0.0: "12"}, 1.0))
    assert {round(packet.at / 0.02) for packet in packets} == set(range(50))
    keys = [p.payload[12] for p in packets if p.payload[1] & 0x7F == EVENTS]
    assert keys == [1] * 7 + [2] * 7


def test_a_capture_holds_every_packet(tmp_path: Path) -> None:
    """Its length is that of its head and of all frames with theirs."""
    packets = list(talk({}, 0.1))
    write(tmp_path / "caller.pcap", iter(packets))
    around = 16 + 14 + 20 + 8  # of pcap, Ethernet, IP, UDP
    expected = 24 + sum(around + len(packet.payload) for packet in packets)
    assert (tmp_path / "caller.pcap").stat().st_size == expected


def test_the_scenario_plays_the_capture_and_hangs_up(tmp_path: Path) -> None:
    """A-law and events are offered."""
    text = scenario(tmp_path / "caller.pcap", 6.0)
    assert f'play_pcap_audio="{tmp_path}/caller.pcap"' in text
    assert 'milliseconds="6000"' in text
    assert "RTP/AVP 8 96" in text
    assert text.index("INVITE") < text.index("ACK") < text.index("BYE")


class Limited:
    """Drivers that hold so much."""

    def __init__(self, **limits: float) -> None:
        self.limits = limits
        self.drivers = [Driver(name, "", lambda: 0, None) for name in limits]
        self.loads: list[tuple[str, float]] = []

    def step(self, driver: Driver, rate: float, seconds: float) -> Step:
        self.loads.append((driver.name, rate))
        return step(driver.name, rate, right=100 if rate <= self.limits[driver.name] else 99)


def test_a_rate_is_held_while_every_digit_is_right() -> None:
    """One wrong answer, and it is too much: then the next lower one is tried."""
    ground = Limited(native=61, ours=43)
    steady = [ground.step(driver, 50, 1) for driver in ground.drivers]
    assert rates_held(ground, steady, 1, 5) == {"native": 60, "ours": 40}
    assert ground.loads[2:] == [
        ("native", 55), ("native", 60), ("native", 65), ("ours", 45), ("ours", 40),
    ]  # fmt: skip


def test_who_holds_nothing_is_told_so() -> None:
    """And is not looked for for ever."""
    ground = Limited(native=0, ours=0)
    steady = [ground.step(driver, 50, 1) for driver in ground.drivers]
    assert rates_held(ground, steady, 1, 10) == {"native": 0, "ours": 0}
    assert "no multiple of the dialplan's rate" in told(steady, steady, {"native": 0, "ours": 0})


def test_figures_are_told_beside_what_they_must_be() -> None:
    """Ratio, own CPU, thinking; at the steady rate and at half load."""
    steady = [step("dialplan", 50), step("Hallgate", 50, own=7.1)]
    calm = [step("dialplan", 30), step("Hallgate", 30, own=9.1)]
    text = told(steady, calm, {"dialplan": 60, "Hallgate": 50})
    assert "0.83 × the dialplan's rate (must: 0.9)" in text
    assert "7.1 ms of CPU a call at 50/s (must: 5)" in text
    assert "30 ms at p99 at 50/s (the dialplan 30)" in text
    assert "30 ms at 30/s (must: 3 × the dialplan's 30)" in text
