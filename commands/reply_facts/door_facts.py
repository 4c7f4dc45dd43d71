"""The texts of other interfaces, with facts like those they will have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.model.request import Secret
from commands.reply_facts.facts import Facts
from tariffs.bilingual_name import BilingualName

_NAME: Final = BilingualName("校园WLAN 100小时", "Campus WLAN 100 h")
_BY: Final = BilingualName("东单营业厅", "Dongdan hall")
_INVITED: Final[Facts] = {"group": "兴达集团", "short_number": "61010"}

DOOR_TEXTS: Final[Mapping[str, Facts]] = {
    "door.ask_otp": {"name": _NAME},
    "door.otp": {"name": _NAME, "code": Secret("482913"), "by": _BY},
    "door.by": {"by": _BY},
    "door.by_sms": {},
    "door.waiting": {"name": _NAME},
    "door.waits": {},
    "door.no_confirm": {"name": _NAME},
    "vw.invited": {**_INVITED, "number": "13800138001"},
    "vw.invitation": {**_INVITED, "code": "JRVW"},
    "gp.no_member": {"number": "13800138001"},
}
