"""The counter against a peer that loses links and sends again, and a house that falls down."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter, deque
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from gateway.config.time_zone import OperatorCalendar
from gateway.model.messages import ShortMessage
from gateway.store.store import Store
from gateway.store.tables import inbox
from tests.gateway.conftest import SEAL
from tests.gateway.hall import Office
from tests.gateway.messages import ZHANG


@dataclass(eq=False)
class Sent:
    """What a subscriber has sent, as the SMSC keeps it until it has read an answer."""

    phone: str
    text: str


class RedeliveryModel(RuleBasedStateMachine):
    """A peer that waits for the answer to a subscriber's message before it delivers the next, and
    reads our octets in their order. Each message is new once and afterwards known, and nothing is
    taken for a repetition more often than something was lost."""

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")  # nothing here falls down for good, so no disk need be waited for
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        self.store = Store(f"sqlite:///{self.folder / 'hall.db'}", SEAL, OperatorCalendar())
        self.store.prepare()
        self.office = Office(self.store)
        self.queues: dict[str, deque[Sent]] = {ZHANG: deque()}
        self.written: list[tuple[Sent, ShortMessage]] = []  # answers of this bind, in order
        self.read = 0  # of them, by the peer
        self.proven = 0  # of them, as far as we know
        self.new: Counter[Sent] = Counter()
        self.lost: Counter[tuple[str, str]] = Counter()

    # -- subscribers and their SMSC --------------------------------------------------------------

    @rule(texts=st.lists(st.sampled_from(["YE", "CXTC"]), min_size=1, max_size=3))
    def somebody_writes(self, texts: list[str]) -> None:
        self.queues[ZHANG].extend(Sent(ZHANG, text) for text in texts)

    def _waiting(self) -> list[str]:
        """Subscribers whose next message may be delivered."""
        outstanding = {sent.phone for sent, _ in self.written[self.read :]}
        return [phone for phone, queue in self.queues.items() if queue and phone not in outstanding]

    @precondition(lambda self: self._waiting())
    @rule()
    def a_batch_is_delivered(self) -> None:
        batch = []
        for phone in self._waiting():
            sent = self.queues[phone][0]
            batch.append((sent, self.office.arrived(sent.text, phone)))
        self.office.serve(*(arrived for _, arrived in batch))
        for sent, arrived in batch:
            (row,) = self.office.rows(inbox, inbox.c.id == arrived.id)
            self._served(sent, int(str(row["same_as"])))
        self.written += batch

    def _served(self, sent: Sent, same_as: int) -> None:
        if not same_as:
            self.new[sent] += 1
            assert self.new[sent] == 1, "new a second time"
            return
        (original,) = self.office.rows(inbox, inbox.c.id == same_as)
        assert str(original["phone"]) == sent.phone
        self.lost[sent.phone, sent.text] -= 1
        assert self.lost[sent.phone, sent.text] >= 0, "known more often than lost"

    @precondition(lambda self: self.read < len(self.written))
    @rule(data=st.data())
    def the_peer_reads(self, data: st.DataObject) -> None:
        for _ in range(data.draw(st.integers(1, len(self.written) - self.read))):
            self._reads_one()

    def _reads_one(self) -> None:
        sent, _ = self.written[self.read]
        assert self.queues[sent.phone].popleft() is sent
        self.read += 1

    @precondition(lambda self: self._waiting())
    @rule()
    def all_goes_well(self) -> None:
        """Delivered, read, and we learn it."""
        self.a_batch_is_delivered()
        while self.read < len(self.written):
            self._reads_one()
        self.proven = self.read
        self.office.prove(self._upto())

    @precondition(lambda self: self.proven < self.read)
    @rule(data=st.data())
    def we_learn_what_it_has_read(self, data: st.DataObject) -> None:
        self.proven = data.draw(st.integers(self.proven + 1, self.read))
        self.office.prove(self._upto())

    def _upto(self) -> int:
        return self.written[self.proven - 1][1].id if self.proven else self.office.bind

    # -- misfortunes -----------------------------------------------------------------------------

    @rule()
    def the_link_is_lost(self) -> None:
        upto = self._upto()
        self._all_lost()
        self.office.lose(upto)

    @rule()
    def the_house_falls_down(self) -> None:
        self._all_lost()
        self.office.crash()

    def _all_lost(self) -> None:
        for sent, _ in self.written[self.proven :]:
            self.lost[sent.phone, sent.text] += 1
        self.written, self.read, self.proven = [], 0, 0

    @rule(seconds=st.floats(0.1, 20))
    def time_passes(self, seconds: float) -> None:
        self.office.bag.now += seconds

    def teardown(self) -> None:
        """When all is well again, everything that was sent is served."""
        while self._waiting():
            self.a_batch_is_delivered()
            while self.read < len(self.written):
                self._reads_one()
        self.store.close()
        shutil.rmtree(self.folder)


TestRedeliveryModel = pytest.mark.slow(RedeliveryModel.TestCase)
TestRedeliveryModel.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
