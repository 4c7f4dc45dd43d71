"""A run of the model, said to the real code: each step is bound to what does it there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from gateway.model.messages import (
    BindEnded,
    LoadOutbox,
    OutgoingMessage,
    PeerHasRead,
    ShortMessage,
)
from gateway.serving.work import Served
from gateway.store.tables import inbox, outbox
from tests.gateway.hall import Office
from tests.model.spin import Step

Does = Callable[[Mapping[str, int]], None]
NO_ROW = 255
TEXTS = ("YE", "CXTC", "YE CXTC")
"""What the model's messages say."""


class Replay:
    """Steps by their name in the model. What is bound to nothing fails, so that no step is skipped
    by mistake; those of `no_deed` are."""

    does: Mapping[str, Does]
    no_deed: Iterable[str]

    def run(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if step.name not in self.no_deed:
                self.does[step.name](step.about)


class OneGatewayReplay(Replay):
    """One gateway (ONE_GATEWAY), with the desk's work on a real store. Crashes and lost binds."""

    # what leaves no trace in the store: connections, the outbox's memory, looking
    no_deed = ("begin", "answer", "send", "taken", "look", "calm", "lose_bind", "bind_ended")

    def __init__(self, office: Office) -> None:
        self.office = office
        self.arrived: dict[int, ShortMessage] = {}  # the newest copy of a message
        self.rows: dict[int, OutgoingMessage] = {}  # by the model's number
        self.upto = 0
        self.does = {
            "arrive": self._arrive,
            "commit": self._commit,
            "settle": self._settle,
            "load": self._load,
            "prove": self._prove,
            "note_end": self._note_end,
            "bind": self._bind,
            "crash": self._crash,
            "join": self._join,
            "serve": self._bind,
            "end": self._end,
        }

    def _arrive(self, about: Mapping[str, int]) -> None:
        self.office.bag.now += 0.1
        self.arrived[about["m"]] = self.office.arrived(TEXTS[about["m"]])

    def _commit(self, about: Mapping[str, int]) -> None:
        """The model says whether there is a new reply; the real desk must say the same."""
        (served,) = self.office.serve(self.arrived[about["m"]])
        assert isinstance(served, Served)
        assert len(served.answers) == (about["row"] != NO_ROW), about
        if served.answers:
            (self.rows[about["row"]],) = served.answers

    def _settle(self, about: Mapping[str, int]) -> None:
        self.office.take([self.rows[about["row"]]])

    def _load(self, about: Mapping[str, int]) -> None:
        """What waits is read in the order of the turns."""
        (found,) = self.office.serve(LoadOutbox(100, int(self.office.bag.now * 1000)))
        assert isinstance(found, list)
        assert found == [row for row in self.rows.values() if row in found]

    def _prove(self, about: Mapping[str, int]) -> None:
        self.upto = max(self.upto, self.arrived[about["m"]].id)
        self.office.serve(PeerHasRead(self.office.bind, self.upto))

    def _note_end(self, about: Mapping[str, int]) -> None:
        office = self.office
        office.bag.now += 0.1
        upto = max(self.upto, office.bind)
        office.serve(BindEnded(office.bind, upto, int(office.bag.now * 1000)))
        office.bag.now += 0.1

    def _bind(self, about: Mapping[str, int]) -> None:
        self.office.bind = self.office.begin()

    def _crash(self, about: Mapping[str, int]) -> None:
        self.office.bag.now += 0.5

    def _join(self, about: Mapping[str, int]) -> None:
        self.office.crash()

    def _end(self, about: Mapping[str, int]) -> None:
        """Each message had its effect once, and nothing waits any more."""
        new = self.office.rows(inbox, inbox.c.same_as == 0)
        assert sorted(str(row["action"]) for row in new) == sorted(
            {"YE": "q.balance", "CXTC": "q.plan"}[TEXTS[m]] for m in self.arrived
        )
        assert not self.office.rows(outbox, outbox.c.state == 0)
