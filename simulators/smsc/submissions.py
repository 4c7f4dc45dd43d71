"""What ESMEs submit: refused, or numbered and put on a handset."""

from __future__ import annotations

from collections.abc import Callable

from smpplib import consts

from simulators.smsc import delivery_receipts, sms_encoding
from simulators.smsc.audit import AuditedSubmit, national_number
from simulators.smsc.context import SmscContext
from simulators.smsc.handset import Handset
from simulators.smsc.pdus import MessageQuery, SmscMessage
from simulators.smsc.settings import SmscSettings
from simulators.smsc.ussd_centre import UssdCentre

REMEMBERED = 10_000  # messages that query_sm knows


class Submissions:
    def __init__(
        self,
        terms: SmscSettings,
        context: SmscContext,
        phone: Callable[[str], Handset],
        ussd: UssdCentre,
    ) -> None:
        self._terms = terms
        self._context = context
        self._phone = phone
        self._ussd = ussd
        self._by_id: dict[str, AuditedSubmit] = {}
        self._last_id = context.chance.randint(0x10000, 0xFFFFFF)
        self._tokens = 0.0
        self._tokens_at = 0.0

    def take(
        self, link: int, esme: str, version: int, sequence: int, message: SmscMessage
    ) -> AuditedSubmit:
        """What is accepted is on the handset when this returns; a USSD screen appears later."""
        status = self._verdict(message)
        mt = AuditedSubmit(link, esme, version, sequence, self._context.now, message, status)
        if status == consts.SMPP_ESME_ROK:
            self._last_id += 1
            mt.message_id = _numeral(self._last_id, self._terms.ids)
            self._by_id[mt.message_id] = mt
            if len(self._by_id) > REMEMBERED:
                del self._by_id[next(iter(self._by_id))]
            if not self._ussd.is_ussd(message):
                self._show(mt)
        if self._context.audit.keep:
            self._context.audit.mts.append(mt)
        return mt

    def receipt(self, mt: AuditedSubmit) -> bytes | None:
        """The deliver_sm owed for a message, if any was asked for, without its header."""
        if mt.status or not delivery_receipts.receipt_wanted(
            mt.message.registered_delivery, mt.state
        ):
            return None
        number = int(mt.message_id, 16 if self._terms.ids == "hex" else 10)
        known_as = _numeral(number, self._terms.receipt_ids or self._terms.ids)
        return delivery_receipts.receipt_body(
            mt, known_as, self._terms.receipt_forms, self._context.now
        )

    def query(self, query: MessageQuery) -> tuple[int, int]:
        """Status and message state (SMPP 3.4 §4.8)."""
        mt = self._by_id.get(query.message_id)
        if mt is None or mt.message.source != query.source:
            return consts.SMPP_ESME_RQUERYFAIL, consts.SMPP_MESSAGE_STATE_UNKNOWN
        return consts.SMPP_ESME_ROK, mt.state

    def _verdict(self, message: SmscMessage) -> int:
        faults, strikes = self._context.faults, self._context.strikes
        if strikes(faults.throttle, "submit_sm") or not self._within_rate():
            return faults.throttle_status
        if strikes(faults.refuse, "submit_sm"):
            return faults.refuse_status
        if not national_number(message.destination).isdigit():
            return int(consts.SMPP_ESME_RINVDSTADR)
        if self._ussd.is_ussd(message):
            return self._ussd.verdict(message)
        if not message.in_payload and not sms_encoding.fits_one_message(message):
            return int(consts.SMPP_ESME_RINVMSGLEN)
        return int(consts.SMPP_ESME_ROK)

    def _within_rate(self) -> bool:
        rate = self._context.faults.rate
        if not rate:
            return True
        now = self._context.now
        # a tenth of a second's worth may come at once
        self._tokens = min(max(1.0, rate / 10), self._tokens + (now - self._tokens_at) * rate)
        self._tokens_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _show(self, mt: AuditedSubmit) -> None:
        phone = self._phone(mt.message.destination)
        if phone.reachable:
            mt.state = consts.SMPP_MESSAGE_STATE_DELIVERED
            mt.shown = phone.take(mt.message)
        else:
            mt.state = consts.SMPP_MESSAGE_STATE_UNDELIVERABLE


def _numeral(number: int, base: str) -> str:
    return f"{number:x}" if base == "hex" else str(number)
