"""What a PDU says, as the desk gets it: a short message, or what a phone says in a dialogue."""

from __future__ import annotations

from typing import Final

from commands.mobile_number import mobile_number
from gateway.channels.smpp.fingerprint import fingerprint
from gateway.channels.smpp.ussd import way_of
from gateway.config.settings import LinkSettings
from gateway.model.address import Address
from gateway.model.messages import ScreenAct, ShortMessage, SmppInput, UssdInput
from gateway.model.session_state import ANY_LINE
from smpp.messages.alphabets import Encoding
from smpp.messages.gsm7_packing import unpack_message
from smpp.messages.segmentation import fragment_of, message_text
from smpp.pdu import DataSm, DeliverSm
from smpp.ussd.dialogue_messages import UssdLinkMode, UssdMessageKind, is_ussd, read_ussd_message

_ACTS: Final = {
    UssdMessageKind.BEGIN: ScreenAct.BEGIN,
    UssdMessageKind.CONTINUE: ScreenAct.ON,
    UssdMessageKind.OVER: ScreenAct.END,
}


class PduReader:
    """Reads what comes by a link, as its settings say that it is written."""

    def __init__(
        self, settings: LinkSettings, number: str, ussd_code: str, fingerprint_key: bytes
    ) -> None:
        self._link = settings.name
        self._trusted = settings.trusted
        self._meant = settings.meant
        self._number = Address.service(number)
        self._key = fingerprint_key
        self._ussd = way_of(settings, ussd_code)
        packed = Encoding.GSM7_PACKED
        self._packed = {coding for coding, how in settings.encodings.items() if how is packed}

    def unpacked(self, pdu: DeliverSm | DataSm) -> DeliverSm | DataSm:
        """Dialogues have their own way of packing, and receipts mostly come as they are."""
        if pdu.data_coding not in self._packed:
            return pdu
        of_dialogue = self._ussd is not None and is_ussd(pdu)
        as_it_is = of_dialogue or b"stat:" in pdu.payload.lower()
        return pdu if as_it_is else unpack_message(pdu)

    def read(self, id: int, bind: int, pdu: DeliverSm | DataSm) -> SmppInput | None:
        """None if there is nothing to serve."""
        if self._ussd is not None and is_ussd(pdu):
            return self._ussd_input(id, bind, pdu, self._ussd)
        fragment = fragment_of(pdu)
        return ShortMessage(
            id,
            bind,
            self._link,
            fingerprint(pdu, self._key),
            mobile_number(pdu.source_addr),
            Address(pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr),
            self._port(pdu),
            "" if fragment else message_text(pdu, self._meant),
            fragment,
            self._meant,
            self._trusted,
        )

    def _ussd_input(
        self, id: int, bind: int, pdu: DeliverSm | DataSm, way: UssdLinkMode
    ) -> UssdInput | None:
        """None for a phone that confirms that it has shown a notification."""
        said = read_ussd_message(pdu, way)
        act = _ACTS.get(said.turn)
        if act is None:
            return None
        return UssdInput(
            id,
            bind,
            self._link,
            fingerprint(pdu, self._key),
            mobile_number(pdu.source_addr),
            Address(pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr),
            self._port(pdu),
            act,
            said.session or ANY_LINE,
            said.text,
            self._trusted,
        )

    def _port(self, pdu: DeliverSm | DataSm) -> Address:
        """The number that was written to; where the SMSC does not say, ours."""
        if not pdu.destination_addr.strip():
            return self._number
        return Address(pdu.dest_addr_ton, pdu.dest_addr_npi, pdu.destination_addr)
