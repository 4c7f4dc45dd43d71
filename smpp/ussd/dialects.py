"""How the makers of USSD centres use SMPP: a small table for each.

SMPP 3.4 §5.3.2.44 names the operations 0 to 3 and 16 to 19 of `ussd_service_op` and leaves 32 to
255 to vendors; what names a dialogue, and how its end is said, it leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from smpplib.consts import SMPP_ENCODING_DEFAULT, SMPP_ENCODING_ISO10646

from smpp.tlv import ITS_SESSION_INFO, USER_MESSAGE_REFERENCE


class UssdMessageKind(Enum):
    """What a message from a USSD centre is in its dialogue."""

    BEGIN = "begin"
    """Somebody dialled."""
    CONTINUE = "continue"
    """Somebody answered a screen."""
    NOTED = "noted"
    """The phone has shown a notification."""
    OVER = "over"
    """Nobody reads any more: the subscriber left, the network gave up, or time was up."""


class UssdReplyKind(Enum):
    """What we say in a dialogue."""

    ASK = "ask"
    """A screen that waits for an answer; also the first one of a dialogue that we begin."""
    LAST = "last"
    """The last screen."""
    NOTIFY = "notify"
    """A screen that nobody answers, in a dialogue that we begin."""


class SessionCarrier(Enum):
    """What names a dialogue; the value is the link's setting."""

    ITS_SESSION_INFO = "its_session_info"
    USER_MESSAGE_REFERENCE = "user_message_reference"
    MSISDN = "msisdn"

    @property
    def tag(self) -> int | None:
        return _TAGS.get(self)


_TAGS: Final = {
    SessionCarrier.ITS_SESSION_INFO: ITS_SESSION_INFO,
    SessionCarrier.USER_MESSAGE_REFERENCE: USER_MESSAGE_REFERENCE,
}

PSSD, PSSR, USSR_CONFIRM, USSN_CONFIRM = 0, 1, 18, 19  # to us
USSR, USSN, PSSR_RESPONSE = 2, 3, 17  # from us
VENDORS = 32
"""From here on vendors name operations; a subscriber's or the network's leaving is among them."""

_SPECIFIED: Final = {
    PSSD: UssdMessageKind.BEGIN,
    PSSR: UssdMessageKind.BEGIN,
    USSR_CONFIRM: UssdMessageKind.CONTINUE,
    USSN_CONFIRM: UssdMessageKind.NOTED,
    PSSR_RESPONSE: UssdMessageKind.OVER,
    0x17: UssdMessageKind.OVER,  # a 17 that somebody took for hexadecimal
}


@dataclass(frozen=True, slots=True)
class UssdDialect:
    """`turns` and `says` are values of `ussd_service_op`; an operation of a vendor's that is not
    among the turns ends the dialogue."""

    turns: Mapping[int, UssdMessageKind] = field(default_factory=lambda: _SPECIFIED)
    says: Mapping[UssdReplyKind, int] = field(
        default_factory=lambda: {
            UssdReplyKind.ASK: USSR,
            UssdReplyKind.LAST: PSSR_RESPONSE,
            UssdReplyKind.NOTIFY: USSN,
        }
    )
    session_tag: int | None = None  # a TLV of the vendor's own that names the dialogue
    end_bit: bool = False  # the lowest bit of its_session_info says that the dialogue is over
    gsm7: int = SMPP_ENCODING_DEFAULT  # the data_coding of our screens
    ucs2: int = SMPP_ENCODING_ISO10646
    packed: bool = False  # eight septets in seven octets (3GPP TS 23.038 §6.1.2.3)


_COMVERSE_SESSION_ID = 0x1501
_GSM7_DCS, _UCS2_DCS = 0x0F, 0x48  # cell broadcast data coding scheme, 3GPP TS 23.038 §5

DIALECTS: Final[Mapping[str, UssdDialect]] = {
    # what most do: the operation says everything, and the name of the dialogue comes back as it was
    "standard": UssdDialect(),
    # fifteen bits of dialogue and one that ends it; 129 when the subscriber aborts
    "sixdee": UssdDialect(turns={**_SPECIFIED, 129: UssdMessageKind.OVER}, end_bit=True),
    # 32 and 33 release and abort; the end bit as well
    "huawei": UssdDialect(
        turns={**_SPECIFIED, 32: UssdMessageKind.OVER, 33: UssdMessageKind.OVER}, end_bit=True
    ),
    # every screen is a request, and only the end bit tells the last one
    "tata": UssdDialect(
        says={UssdReplyKind.ASK: USSR, UssdReplyKind.LAST: USSR, UssdReplyKind.NOTIFY: USSN},
        end_bit=True,
    ),
    # dialogues are named by user_message_reference
    "mica": UssdDialect(session_tag=USER_MESSAGE_REFERENCE),
    # 128 and 129 release; 130 and 131 are a last request and a last notification, 146 confirms one
    "comverse": UssdDialect(
        turns={
            **_SPECIFIED,
            128: UssdMessageKind.OVER,
            129: UssdMessageKind.OVER,
            146: UssdMessageKind.OVER,
        },
        session_tag=_COMVERSE_SESSION_ID,
    ),
    # strings as MAP has them, passed on with their own data coding scheme
    "map": UssdDialect(gsm7=_GSM7_DCS, ucs2=_UCS2_DCS, packed=True),
}
