"""The texts of questions that are open, with facts like those they will have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.reply_facts.facts import Facts
from tariffs.bilingual_name import BilingualName

_NAME: Final = BilingualName("校园WLAN 100小时", "Campus WLAN 100 h")
_ONE: Final[Facts] = {"name": _NAME, "code": "KTEDU100"}
_SEVERAL: Final[Facts] = {"names": [_NAME, BilingualName("流量包", "data pack")]}
_ASKED: Final = (
    "rc.ask.card",
    "q.ask.amount",
    "q.ask.day",
    "q.ask.serial",
    "q.ask.short",
    "q.ask.about",
    "info.ask.tariff",
    "sv.ask.target",
    "sv.ask.threshold",
    "un.ask.services",
    "np.ask.holder",
    "np.ask.certificate",
)
_KEPT: Final = (
    "sv.kept",
    "sv.switch.kept",
    "un.pick.kept",
    "pl.kept",
    "pl.undo.kept",
    "pt.kept",
    "pw.random.kept",
    "rc.kept",
    "st.suspend.kept",
    "st.resume.kept",
    "tk.sim.kept",
    "vw.kept",
)

DIALOGUE_TEXTS: Final[Mapping[str, Facts]] = {
    "confirm.waiting": _SEVERAL,
    "confirm.besides": _SEVERAL,
    "confirm.replaced": _SEVERAL,
    "step.waiting": _ONE,
    "step.left": _ONE,
    "step.wrong": {},
    "step.expired": _ONE,
    "list.left": {},
    "auth.ask_pw.other": {"name": _NAME, "number": "13800138001"},
    **{name: _ONE for name in _ASKED},
    **{name: _ONE for name in _KEPT},
}
