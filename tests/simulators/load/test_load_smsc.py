"""The load driver on loopback, against an ESME whose faults are known."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading

import pytest
from smpplib import consts, smpp

from simulators.load import (
    CappedPace,
    EsmeDisconnected,
    LoadPhase,
    LoadResult,
    LoadSmsc,
    Pace,
    SteadyPace,
    UnboundedPace,
)
from tests.bench.systems.standin_esme import HEADER, REPLY, StandIn, connect, serve
from tests.simulators.load.conftest import Bound


def run(
    smsc: LoadSmsc, pace: Pace | None = None, messages: int = 200, patience: float = 5
) -> LoadResult:
    return smsc.run(
        LoadPhase(
            "test",
            pace or CappedPace(20),
            warm_up=0.0,
            messages=messages,
            patience=patience,
            retry_every=0.01,
            linger=0.05,
        )
    )


def clean(result: LoadResult) -> bool:
    return not (result.lost or result.doubled or result.failed or result.unacknowledged)


@pytest.mark.parametrize(
    "pace", [CappedPace(20), UnboundedPace(), SteadyPace(5000.0)], ids=["cap", "flood", "rate"]
)
def test_every_mo_is_sent_acknowledged_and_answered_once(bound: Bound, pace: Pace):
    """However the load is paced."""
    result = run(bound(), pace)

    assert (result.sent, result.acknowledged, result.answered) == (200, 200, 200)
    assert clean(result)
    assert 0 < result.p50_ms <= result.p99_ms <= result.max_ms
    assert result.replies[-1][1] == REPLY


def test_subscribers_text_in_turn_and_over_phases(bound: Bound):
    """Fifty numbers, then the first again; a second phase goes on where the first ended."""
    smsc = bound()

    first = [who for who, _ in run(smsc, CappedPace(1), messages=60).replies]
    second = [who for who, _ in run(smsc, CappedPace(1), messages=3).replies]

    assert first == [*range(50), *range(10)]
    assert second == [10, 11, 12]


def test_replies_that_do_not_come_are_counted_as_lost(bound: Bound):
    """Acknowledged, but silent: every tenth; and who waits for an answer writes no more."""
    result = run(bound(drop=10), CappedPace(100), messages=50, patience=0.3)

    assert (result.acknowledged, result.answered, result.lost) == (50, 45, 5)


def test_a_cap_that_is_used_up_by_lost_replies_ends_the_load(bound: Bound):
    """With everything silent nothing more is due; patience ends it."""
    smsc = bound(drop=1)

    by_time = smsc.run(
        LoadPhase("test", CappedPace(5), 0.0, duration=0.1, patience=0.2, linger=0.0)
    )
    by_count = smsc.run(LoadPhase("test", CappedPace(5), 0.0, messages=9, patience=0.2, linger=0.0))

    assert (by_time.sent, by_time.lost) == (5, 5)
    assert (by_count.sent, by_count.lost) == (5, 5)


def test_replies_that_come_twice_are_counted_as_doubled(bound: Bound):
    """Every tenth."""
    result = run(bound(double=10))

    assert (result.answered, result.doubled, result.lost) == (200, 20, 0)


def test_what_is_refused_for_a_time_is_sent_again_until_it_is_taken(bound: Bound):
    """Every third meets a full queue; in the end nothing is missing."""
    result = run(bound(refuse=3), UnboundedPace())

    assert result.answered == 200
    assert result.refused >= 66
    assert clean(result)


def test_an_esme_that_only_refuses_ends_the_load(bound: Bound):
    """Its refusals are no progress."""
    result = run(bound(refuse=1), patience=0.3)

    assert result.answered == 0
    assert result.refused > result.unacknowledged == result.sent


@pytest.mark.parametrize("status", [consts.SMPP_ESME_RX_T_APPN, consts.SMPP_ESME_RTHROTTLED])
def test_other_temporary_refusals_count_alike(bound: Bound, status: int):
    """A temporary application error, throttling."""
    result = run(bound(refuse=5, status=status), SteadyPace(5000.0))

    assert result.answered == 200
    assert result.refused >= 40


def test_what_is_refused_for_good_is_not_sent_again(bound: Bound):
    """A permanent application error."""
    result = run(bound(refuse=10, status=consts.SMPP_ESME_RX_P_APPN))

    assert (result.sent, result.failed, result.answered) == (200, 20, 180)
    assert result.refused == result.lost == 0


def test_a_long_reply_counts_once(bound: Bound):
    """Three parts in the wrong order are one reply, in its right order."""
    result = run(bound(parts=3))

    assert (result.answered, result.parts, result.doubled) == (200, 600, 0)
    assert result.replies[-1][1] == REPLY * 3


def test_a_reply_to_the_number_with_its_country_code_is_the_same_subscribers(bound: Bound):
    """+86 139… and 139… are one."""
    assert clean(run(bound(prefix=b"+86")))


def test_a_receiver_and_a_transmitter_together_do_as_well(bound: Bound):
    """MOs leave by the one, replies come by the other."""
    assert clean(run(bound(apart=True)))


def test_several_binds_share_the_load(bound: Bound):
    """In turn; nothing is lost between them."""
    result = run(bound(count=3))

    assert result.answered == 200
    assert clean(result)


def test_an_esme_that_hangs_up_under_load_ends_the_phase(bound: Bound):
    """Figures of such a run would be worth nothing."""
    with pytest.raises(EsmeDisconnected):
        run(bound(leave=50))


def test_an_esme_may_come_and_go_before_the_load():
    """Only the one that is bound when the load starts matters."""
    with LoadSmsc() as smsc:
        connect(smsc.port).close()
        stand_in = threading.Thread(target=serve, args=(smsc.port, StandIn()))
        stand_in.start()
        smsc.await_binds(1, 5)
        assert clean(run(smsc))
    stand_in.join(5)


def test_without_a_bind_the_waiting_ends():
    """And says how many came."""
    with LoadSmsc() as smsc, pytest.raises(TimeoutError, match="0 of 1"):
        smsc.await_binds(1, 0.05)


def test_a_link_is_kept_as_an_smsc_keeps_it():
    """bind, enquire_link, an unknown request: each gets its answer; a receipt of theirs too."""
    with LoadSmsc() as smsc, connect(smsc.port) as link:
        link.settimeout(5)
        link.sendall(StandIn().bind(9))
        smsc.await_binds(1, 5)
        link.sendall(HEADER.pack(16, 0x15, 0, 2) + HEADER.pack(16, 0x777, 0, 3))
        pdus: list[tuple[int, int, int]] = []
        while len(pdus) < 3:
            smsc.await_binds(1, 0)
            run(smsc, messages=0)
            pdus += whole_pdus(link)

    assert pdus == [(0x80000009, 0, 1), (0x80000015, 0, 2), (0x80000000, 3, 3)]


def whole_pdus(link: socket.socket) -> list[tuple[int, int, int]]:
    """Command, status and sequence of what has come; smpplib agrees with each."""
    data, found = link.recv(65_536), []
    while data:
        length, command, status, sequence = HEADER.unpack_from(data)
        assert smpp.parse_pdu(data[:length], client=None, sequence=0).sequence == sequence
        found.append((command, status, sequence))
        data = data[length:]
    return found


def test_the_command_line_prints_the_figures_as_json():
    """python -m simulators.load, with a stand-in of another process."""
    command = [sys.executable, "-m", "simulators.load", "--port", "0", "cap", "--messages", "100"]
    with subprocess.Popen(
        [*command, "--warm-up", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as driver:
        assert driver.stderr is not None
        port = int(driver.stderr.readline().split(":")[1].split()[0])
        serve(port, StandIn())
        said, _ = driver.communicate(timeout=20)

    figures = json.loads(said)
    assert driver.returncode == 0
    assert (figures["answered"], figures["lost"], figures["sample"]) == (100, 0, REPLY)
