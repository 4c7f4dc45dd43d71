"""An SMSC with subscribers on it, for tests, for the demo and for people to try their ESME on.

smsc = Smsc(reactor, {"hallgate": "secret"})
port = smsc.listen("127.0.0.1", 0)
smsc.send("13800138001", "YE")
reply = await smsc.phone("13800138001").next(timeout=5)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from smpplib import consts
from twisted.internet.defer import Deferred, DeferredList, maybeDeferred, succeed
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import ClientFactory, ServerFactory

from simulators import pdus, receipts, texts
from simulators.audit import Audit, Mo, Mt, Sent, national
from simulators.faults import Faults
from simulators.handset import Handset, Received
from simulators.link import Link, Terms
from simulators.mailbox import TEMPORARY, Mailbox, growing
from simulators.pdus import Bind, Message, Query

_TON = {"": consts.SMPP_TON_NATNL, "86": consts.SMPP_TON_INTL, "+86": consts.SMPP_TON_INTL}


class Smsc:
    """`accounts` are system_ids and passwords. `faults` and `audit` may be read and set at will."""

    def __init__(
        self,
        reactor: Any,
        accounts: Mapping[str, str],
        faults: Faults | None = None,
        chance: Random | None = None,
        terms: Terms | None = None,
        *,
        pipelined: bool = False,
        redelivery: Callable[[int], float] = growing,
        temporary: frozenset[int] = TEMPORARY,
        ids: str = "hex",
        receipt_ids: str = "",
        receipt_forms: frozenset[str] = frozenset({"tlv", "text"}),
        keep: bool = True,
    ) -> None:
        self.faults = faults or Faults()
        self.audit = Audit(keep)
        self.links: list[Link] = []
        self.terms = terms or Terms()
        self._reactor = reactor
        self._accounts = dict(accounts)
        self._chance = chance or Random(0)
        self._ids = ids
        self._receipt_ids = receipt_ids or ids
        self._receipt_forms = receipt_forms
        self._routes: dict[str, str] = {}
        self._phones: dict[str, Handset] = {}
        self._watchers: list[Callable[[str, Received], None]] = []
        self._quiet: list[Deferred[None]] = []
        self._by_id: dict[str, Mt] = {}
        self._last_key = self._last_link = self._last_reference = 0
        self._last_id = self._chance.randint(0x10000, 0xFFFFFF)
        self._tokens = 0.0
        self._tokens_at = 0.0
        self._address: tuple[str, int, Any] | None = None
        self._port: Any = None
        self._gone: list[Deferred[None]] = []
        self._boxes = {
            esme: Mailbox(reactor, pipelined, redelivery, temporary, self._check_quiet)
            for esme in self._accounts
        }

    # --- life

    def listen(self, host: str = "127.0.0.1", port: int = 0, tls: Any = None) -> int:
        """Open the SMPP port and return its number; `tls` is a Twisted context factory."""
        factory = _Links(self)
        if tls is None:
            self._port = self._reactor.listenTCP(port, factory, interface=host)
        else:
            self._port = self._reactor.listenSSL(port, factory, tls, interface=host)
        number: int = self._port.getHost().port
        self._address = (host, number, tls)
        return number

    def outbind(self, host: str, port: int, system_id: str, password: str = "") -> None:
        """Call an ESME and ask it to bind (SMPP 3.4 §2.2.1)."""
        self._reactor.connectTCP(host, port, _Outbind(self, system_id, password))

    def deafen(self) -> Deferred[None]:
        """Stop listening; links stay."""
        port, self._port = self._port, None
        return maybeDeferred(port.stopListening) if port else succeed(None)

    def drop(self, link: Link | None = None) -> None:
        """Cut one link, or all, without a word."""
        for each in [link] if link else list(self.links):
            each.drop()

    def stop(self) -> Deferred[None]:
        """Stop listening, cut every link and cancel every timer; fires when all is gone."""
        for box in self._boxes.values():
            box.stop()
        closed = self.deafen()
        self.drop()
        return _all(closed, self.alone())

    async def restart(self) -> None:
        """Cut everything, come back on the same port with all messages still waiting."""
        assert self._address is not None, "never listened"
        host, port, tls = self._address
        await self.deafen()
        self.drop()
        await self.alone()
        self.listen(host, port, tls)

    def alone(self) -> Deferred[None]:
        """Fires when no connection is left."""
        if not self.links:
            return succeed(None)
        gone: Deferred[None] = Deferred()
        self._gone.append(gone)
        return gone

    def pause(self) -> None:
        """Send no deliver_sm until `resume`."""
        for box in self._boxes.values():
            box.paused = True

    def resume(self) -> None:
        for box in self._boxes.values():
            box.paused = False
            box.pump()

    @property
    def port(self) -> int:
        """The SMPP port in use."""
        assert self._address is not None, "never listened"
        return self._address[1]

    # --- subscribers

    def phone(self, msisdn: str) -> Handset:
        """The handset of a number, with or without 86."""
        number = national(msisdn)
        phone = self._phones.get(number)
        if phone is None:
            phone = self._phones[number] = Handset(number, self._reactor)
        return phone

    @property
    def phones(self) -> Mapping[str, Handset]:
        return self._phones

    def replies(self) -> dict[str, list[Received]]:
        """All that phones have shown, for `Audit.reckon`."""
        return {number: phone.received for number, phone in self._phones.items()}

    def script(self, msisdn: str, fn: Callable[[Received], str | None]) -> None:
        """Let a subscriber answer each message with what `fn` returns, to its sender."""
        self.phone(msisdn).script = fn

    def watch(self, fn: Callable[[str, Received], None]) -> Callable[[], None]:
        """Call `fn(number, message)` for every message shown; returns how to stop that."""
        self._watchers.append(fn)
        return lambda: self._watchers.remove(fn)

    def route(self, prefix: str, esme: str) -> None:
        """Service numbers beginning so belong to an account; else the first one has them."""
        self._routes[prefix] = esme

    def send(
        self,
        msisdn: str,
        text: str,
        to: str = "10086",
        *,
        coding: str = "auto",
        concat: str = "udh8",
        size: int | None = None,
        careless: bool = False,
        order: Sequence[int] | None = None,
        msisdn_prefix: str = "86",
        reference: int | None = None,
    ) -> Sent:
        """A subscriber writes.

        `coding` is auto, gsm7, ascii, latin1 or ucs2; `concat` udh8, udh16, sar or payload;
        `size` octets in one part at most; `order` the parts' places, each from 0, in the order
        they leave; `msisdn_prefix` how this SMSC writes subscribers: "86", "" or "+86".
        """
        if reference is None:
            self._last_reference = reference = self._last_reference + 1
        parts = texts.cut(text, reference, coding, concat, size, careless)
        return self._post(msisdn, text, to, [parts[i] for i in order or range(len(parts))],
                          msisdn_prefix)  # fmt: skip

    def send_raw(
        self,
        msisdn: str,
        content: bytes,
        to: str = "10086",
        *,
        data_coding: int = 0,
        esm_class: int = 0,
        tlvs: Mapping[int, bytes] | None = None,
        msisdn_prefix: str = "86",
        service_type: str = "",
    ) -> Sent:
        """Any octets a subscriber's phone, or a broken one, may send."""
        part = texts.Part(content, data_coding, esm_class, dict(tlvs or {}))
        text = content.decode("latin-1")
        return self._post(msisdn, text, to, [part], msisdn_prefix, service_type)

    def _post(
        self,
        msisdn: str,
        text: str,
        to: str,
        parts: list[texts.Part],
        prefix: str,
        service: str = "",
    ) -> Sent:
        number = national(msisdn)
        esme = self._owner(to)
        sent = Sent(number, text, to)
        for part in parts:
            fields = {
                "service_type": service,
                "source_addr_ton": _TON[prefix],
                "source_addr_npi": consts.SMPP_NPI_ISDN,
                "source_addr": prefix + number,
                "dest_addr_npi": consts.SMPP_NPI_ISDN,
                "destination_addr": to,
                "esm_class": part.esm_class,
                "data_coding": part.data_coding,
                "short_message": part.content,
            }
            pdu = pdus.write("deliver_sm", 1, fields, tlvs=part.tlvs)
            sent.mos.append(self._new_mo(number, esme, pdu[16:], sent))
        if self.audit.keep:
            self.audit.sent.append(sent)
        for mo in sent.mos:
            self._boxes[esme].put(mo)
        return sent

    def _new_mo(self, lane: str, esme: str, body: bytes, sent: Sent | None) -> Mo:
        self._last_key += 1
        mo = Mo(self._last_key, lane, esme, body, sent)
        if self.audit.keep:
            self.audit.mos.append(mo)
        return mo

    def _owner(self, to: str) -> str:
        fitting = [prefix for prefix in self._routes if to.startswith(prefix)]
        return self._routes[max(fitting, key=len)] if fitting else next(iter(self._accounts))

    def quiet(self) -> Deferred[None]:
        """Fires when every MO and receipt is settled and no answer is owed."""
        quiet: Deferred[None] = Deferred()
        self._quiet.append(quiet)
        self._check_quiet()
        return quiet

    @property
    def is_quiet(self) -> bool:
        return all(box.empty for box in self._boxes.values()) and not any(
            link.busy for link in self.links
        )

    def _check_quiet(self) -> None:
        if self._quiet and self.is_quiet:
            quiet, self._quiet = self._quiet, []
            for each in quiet:
                each.callback(None)

    # --- for the links (link.Centre)

    def new_link(self) -> Link:
        self._last_link += 1
        link = Link(self._last_link, self, self.terms, self.faults, self.audit, self._reactor,
                    self._chance)  # fmt: skip
        self.links.append(link)
        return link

    def left(self, link: Link) -> None:
        self.links.remove(link)
        if not self.links:
            gone, self._gone = self._gone, []
            for each in gone:
                each.callback(None)

    def admit(self, link: Link, bind: Bind) -> int:
        """The status a bind is answered with."""
        password = self._accounts.get(bind.system_id)
        status = consts.SMPP_ESME_ROK
        if password is None:
            status = consts.SMPP_ESME_RINVSYSID
        elif password != bind.password:
            status = consts.SMPP_ESME_RINVPASWD
        return int(status)

    def mailbox(self, esme: str) -> Mailbox:
        return self._boxes[esme]

    def submitted(self, link: Link, sequence: int, message: Message) -> Mt:
        """Take or refuse a message; what is taken is on the handset when this returns."""
        status = self._verdict(message)
        mt = Mt(link.number, link.esme, sequence, self._reactor.seconds(), message, status)
        mt.version = link.version
        if self.audit.keep:
            self.audit.mts.append(mt)
        if status == consts.SMPP_ESME_ROK:
            self._last_id += 1
            mt.message_id = _numeral(self._last_id, self._ids)
            self._by_id[mt.message_id] = mt
            self._show(mt)
        return mt

    def _verdict(self, message: Message) -> int:
        faults = self.faults
        if faults.throttle.strikes("submit_sm", self._chance) or not self._within_rate():
            return faults.throttle_status
        if faults.refuse.strikes("submit_sm", self._chance):
            return faults.refuse_status
        if not national(message.destination).isdigit():
            return int(consts.SMPP_ESME_RINVDSTADR)
        if not message.in_payload and not texts.fits(message):
            return int(consts.SMPP_ESME_RINVMSGLEN)
        return int(consts.SMPP_ESME_ROK)

    def _within_rate(self) -> bool:
        rate = self.faults.rate
        if not rate:
            return True
        now = self._reactor.seconds()
        # a tenth of a second's worth may come at once
        self._tokens = min(max(1.0, rate / 10), self._tokens + (now - self._tokens_at) * rate)
        self._tokens_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _show(self, mt: Mt) -> None:
        phone = self.phone(mt.message.destination)
        if not phone.reachable:
            mt.state = consts.SMPP_MESSAGE_STATE_UNDELIVERABLE
            return
        mt.state = consts.SMPP_MESSAGE_STATE_DELIVERED
        mt.shown = phone.take(mt.message)
        if mt.shown is not None:
            for watcher in list(self._watchers):
                watcher(phone.msisdn, mt.shown)

    def receipt(self, mt: Mt) -> None:
        """Owe the ESME a delivery receipt, if it asked for one and took a message's id."""
        message = mt.message
        if mt.status or not receipts.wanted(message.registered_delivery, mt.state):
            return
        number = int(mt.message_id, 16 if self._ids == "hex" else 10)
        known_as = _numeral(number, self._receipt_ids)
        fields: dict[str, str | bytes | int] = {
            "source_addr_ton": consts.SMPP_TON_INTL,
            "source_addr_npi": consts.SMPP_NPI_ISDN,
            "source_addr": message.destination,
            "dest_addr_npi": consts.SMPP_NPI_ISDN,
            "destination_addr": message.source,
            "esm_class": receipts.RECEIPT,
        }
        if "tlv" in self._receipt_forms and mt.version >= consts.SMPP_VERSION_34:
            fields |= {"receipted_message_id": known_as, "message_state": mt.state}
        if "text" in self._receipt_forms:
            now = self._reactor.seconds()
            fields["short_message"] = receipts.text(known_as, mt.state, mt.at, now, b"")
        body = pdus.write("deliver_sm", 1, fields)[16:]
        self._boxes[mt.esme].put(self._new_mo(f"receipt {number}", mt.esme, body, None))

    def follow_up(self, mt: Mt) -> None:
        """The subscriber has read the message, and may answer it."""
        if mt.shown is not None:
            phone = self.phone(mt.message.destination)
            answer = phone.script(mt.shown) if phone.script else None
            if answer is not None:
                self.send(phone.msisdn, answer, to=mt.shown.sender)
        self._check_quiet()

    def query(self, query: Query) -> tuple[int, int, str]:
        """Status, message state and final date of a message (SMPP 3.4 §4.8)."""
        mt = self._by_id.get(query.message_id)
        if mt is None or mt.message.source != query.source:
            return consts.SMPP_ESME_RQUERYFAIL, consts.SMPP_MESSAGE_STATE_UNKNOWN, ""
        return consts.SMPP_ESME_ROK, mt.state, ""


def _numeral(number: int, base: str) -> str:
    return f"{number:x}" if base == "hex" else str(number)


def _all(*deferreds: Deferred[None]) -> Deferred[None]:
    return DeferredList(deferreds, fireOnOneErrback=True).addCallback(lambda _: None)


class _Links(ServerFactory):
    noisy = False

    def __init__(self, smsc: Smsc) -> None:
        self._smsc = smsc

    def buildProtocol(self, addr: IAddress | None) -> Link:
        return self._smsc.new_link()


class _Outbind(ClientFactory):
    noisy = False

    def __init__(self, smsc: Smsc, system_id: str, password: str) -> None:
        self._smsc = smsc
        self._says = (system_id, password)

    def buildProtocol(self, addr: IAddress | None) -> Link:
        link = self._smsc.new_link()
        link.outbind(*self._says)
        return link
