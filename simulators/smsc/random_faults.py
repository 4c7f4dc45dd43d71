"""All faults at random: every little while another one, a few at once, then peace for a moment."""

from __future__ import annotations

from random import Random

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from simulators.smsc.smsc import Smsc

# as people write them (SmscFaults.set); what ends a link strikes once, the rest at times
MISCHIEF = (
    "slow=50%",
    "silent=5%:submit_sm,enquire_link",
    "silent=20%:deliver_sm_resp",
    "mute=10%:submit_sm",
    "nack=10%:submit_sm",
    "nack_blind=2:submit_sm",
    "throttle=50%",
    "rate=20",
    "refuse_bind=2",
    "shuffle=50%",
    "twice=20%",
    "early_receipt=50%",
    "drop_before=1:submit_sm",
    "drop_before=1:deliver_sm",
    "drop_midway=1:submit_sm_resp",
    "drop_midway=1:deliver_sm",
    "drop_after=1:submit_sm",
    "drop_after=1:deliver_sm_resp",
    "drop_after=1:deliver_sm",
    "unbind=1:submit_sm",
    "freeze=1",
    "strange_pdu=20%",
    "strange_tlv=50%",
    "rubbish=1",
    "split=on",
    "merge=0.05",
)
TOGETHER = 4  # faults at once before all are mended


class RandomFaults:
    """Changes an SMSC's faults from `start` until `stop`, the same with the same `chance`."""

    def __init__(
        self,
        smsc: Smsc,
        chance: Random,
        clock: IReactorTime,
        every: tuple[float, float] = (0.3, 2.0),
    ) -> None:
        self.done: list[str] = []
        self._smsc = smsc
        self._chance = chance
        self._clock = clock
        self._every = every
        self._next: IDelayedCall | None = None

    def start(self) -> None:
        self._next = self._clock.callLater(self._chance.uniform(*self._every), self._turn)

    def stop(self) -> None:
        """Peace: all faults off, and whoever hangs is cut."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
        self._mend()

    def _turn(self) -> None:
        if self._chance.random() < 1 / TOGETHER:
            self._mend()
            self.done.append("mend")
        else:
            said = self._chance.choice(MISCHIEF)
            self._smsc.faults.set(said)
            self.done.append(said)
        self.start()

    def _mend(self) -> None:
        self._smsc.faults.clear()
        for link in list(self._smsc.links):
            if link.frozen:
                link.drop()
