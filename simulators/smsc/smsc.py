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

from simulators.smsc import sms_encoding
from simulators.smsc.audit import (
    AuditedDeliver,
    AuditedSubmit,
    SmscAudit,
    WrittenText,
    national_number,
)
from simulators.smsc.context import SmscContext
from simulators.smsc.delivery_queue import DeliveryQueue
from simulators.smsc.esme_connection import EsmeConnection
from simulators.smsc.faults import SmscFaults
from simulators.smsc.handset import Handset, ShownMessage
from simulators.smsc.pdus import BindRequest, MessageQuery, SmscMessage
from simulators.smsc.request_handlers import ServedConnection
from simulators.smsc.settings import SmscSettings
from simulators.smsc.submissions import Submissions
from simulators.smsc.ussd_centre import UssdCentre


class Smsc:
    """`accounts` are system_ids and passwords. `faults` and `audit` may be read and set at will."""

    def __init__(
        self,
        reactor: Any,
        accounts: Mapping[str, str],
        faults: SmscFaults | None = None,
        chance: Random | None = None,
        terms: SmscSettings | None = None,
        keep: bool = True,
    ) -> None:
        self.faults = faults or SmscFaults()
        self.audit = SmscAudit(keep)
        self.links: list[EsmeConnection] = []
        self.phones: dict[str, Handset] = {}
        self._reactor = reactor
        self._accounts = dict(accounts)
        self._terms = terms or SmscSettings()
        self._context = SmscContext(self.faults, self.audit, reactor, chance or Random(0))
        self.ussd = UssdCentre(self._post_ussd, reactor)
        self._submissions = Submissions(self._terms, self._context, self.phone, self.ussd)
        self._boxes = {
            esme: DeliveryQueue(reactor, self._terms, self.settled) for esme in self._accounts
        }
        self._routes: dict[str, str] = {}
        self._watchers: list[Callable[[str, ShownMessage], None]] = []
        self._quiet: list[Deferred[None]] = []
        self._gone: list[Deferred[None]] = []
        self._last_key = self._last_link = self._last_reference = 0
        self._address: tuple[str, int, Any] | None = None
        self._port: Any = None

    # --- life

    @property
    def port(self) -> int:
        """The SMPP port in use."""
        assert self._address is not None, "never listened"
        return self._address[1]

    def listen(self, host: str = "127.0.0.1", port: int = 0, tls: Any = None) -> int:
        """Open the SMPP port and return its number; `tls` is a Twisted context factory."""
        factory = _Links(self)
        if tls is None:
            self._port = self._reactor.listenTCP(port, factory, interface=host)
        else:
            self._port = self._reactor.listenSSL(port, factory, tls, interface=host)
        self._address = (host, self._port.getHost().port, tls)
        return self.port

    def outbind(
        self, host: str, port: int, system_id: str, password: str = "", tls: Any = None
    ) -> None:
        """Call an ESME and ask it to bind (SMPP 3.4 §2.2.1); `tls` is a Twisted context factory."""
        factory = _Outbind(self, system_id, password)
        if tls is None:
            self._reactor.connectTCP(host, port, factory)
        else:
            self._reactor.connectSSL(host, port, factory, tls)

    def deafen(self) -> Deferred[None]:
        """Stop listening; links stay."""
        port, self._port = self._port, None
        return maybeDeferred(port.stopListening) if port else succeed(None)

    def drop(self, link: EsmeConnection | None = None) -> None:
        """Cut one link, or all, without a word."""
        for each in [link] if link else list(self.links):
            each.drop()

    def alone(self) -> Deferred[None]:
        """Fires when no connection is left."""
        gone: Deferred[None] = Deferred()
        self._gone.append(gone)
        self._check_alone()
        return gone

    def stop(self) -> Deferred[None]:
        """Stop listening, cut every link and cancel every timer; fires when all is gone."""
        for box in self._boxes.values():
            box.stop()
        self.ussd.stop()
        closed = self.deafen()
        self.drop()
        return DeferredList([closed, self.alone()]).addCallback(lambda _: None)

    async def restart(self) -> None:
        """Cut everything, come back on the same port with all messages still waiting."""
        assert self._address is not None, "never listened"
        await self.deafen()
        self.drop()
        await self.alone()
        self.listen(*self._address)

    def pause(self) -> None:
        """Send no deliver_sm until `resume`."""
        for box in self._boxes.values():
            box.paused = True

    def resume(self) -> None:
        for box in self._boxes.values():
            box.paused = False
            box.pump()

    def quiet(self) -> Deferred[None]:
        """Fires when every MO and receipt is settled and no answer is owed."""
        quiet: Deferred[None] = Deferred()
        self._quiet.append(quiet)
        self.settled()
        return quiet

    # --- subscribers

    def phone(self, msisdn: str) -> Handset:
        """The handset of a number, with or without 86."""
        number = national_number(msisdn)
        phone = self.phones.get(number)
        if phone is None:
            phone = self.phones[number] = Handset(number, self._reactor, self.audit.keep)
        return phone

    def replies(self) -> dict[str, list[ShownMessage]]:
        """All that phones have shown, for `SmscAudit.reckon`."""
        return {number: phone.received for number, phone in self.phones.items()}

    def script(self, msisdn: str, fn: Callable[[ShownMessage], str | None]) -> None:
        """Let a subscriber answer each message with what `fn` returns, to its sender."""
        self.phone(msisdn).script = fn

    def watch(self, fn: Callable[[str, ShownMessage], None]) -> Callable[[], None]:
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
    ) -> WrittenText:
        """A subscriber writes.

        `coding` is auto, gsm7, ascii, latin1 or ucs2; `concat` udh8, udh16, sar or payload;
        `size` octets in one part at most; `careless` cuts through characters; `order` the parts'
        places, from 0, in the order they leave; `msisdn_prefix` how this SMSC writes subscribers:
        "86", "" or "+86".
        """
        if reference is None:
            self._last_reference = reference = self._last_reference + 1
        parts = sms_encoding.cut_into_parts(text, reference, coding, concat, size, careless)
        if order is not None:
            parts = [parts[place] for place in order]
        return self._post(WrittenText(national_number(msisdn), text, to), parts, msisdn_prefix, "")

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
    ) -> WrittenText:
        """Any octets a subscriber's phone, or a broken one, may send."""
        part = sms_encoding.SmsPart(content, data_coding, esm_class, tlvs or {})
        sent = WrittenText(national_number(msisdn), content.decode("latin-1"), to)
        return self._post(sent, [part], msisdn_prefix, service_type)

    def _post(
        self, sent: WrittenText, parts: list[sms_encoding.SmsPart], prefix: str, service_type: str
    ) -> WrittenText:
        esme = self._owner(sent.to)
        for part in parts:
            body = sms_encoding.deliver_sm_body(part, prefix + sent.msisdn, sent.to, service_type)
            sent.mos.append(self._new_mo(sent.msisdn, esme, body, sent))
        if self.audit.keep:
            self.audit.sent.append(sent)
        for mo in sent.mos:
            self._boxes[esme].put(mo)
        return sent

    def _post_ussd(
        self, number: str, part: sms_encoding.SmsPart, to: str, lane: str
    ) -> WrittenText:
        sent, esme = WrittenText(number, part.content.decode("latin-1"), to), self._owner(to)
        mo = self._new_mo(
            lane, esme, sms_encoding.deliver_sm_body(part, f"86{number}", to, "USSD"), sent
        )
        sent.mos.append(mo)
        self._boxes[esme].put(mo)
        return sent

    def _new_mo(
        self, lane: str, esme: str, body: bytes, sent: WrittenText | None = None
    ) -> AuditedDeliver:
        self._last_key += 1
        mo = AuditedDeliver(self._last_key, lane, esme, body, sent)
        if self.audit.keep:
            self.audit.mos.append(mo)
        return mo

    def _owner(self, to: str) -> str:
        fitting = [prefix for prefix in self._routes if to.startswith(prefix)]
        return self._routes[max(fitting, key=len)] if fitting else next(iter(self._accounts))

    # --- for the links (EsmeConnectionOwner)

    def admit(self, bind: BindRequest) -> int:
        """The status a bind is answered with."""
        password = self._accounts.get(bind.system_id)
        if password is None:
            return int(consts.SMPP_ESME_RINVSYSID)
        return int(0 if password == bind.password else consts.SMPP_ESME_RINVPASWD)

    def mailbox(self, esme: str) -> DeliveryQueue:
        return self._boxes[esme]

    def submitted(
        self, link: ServedConnection, sequence: int, message: SmscMessage
    ) -> AuditedSubmit:
        mt = self._submissions.take(link.number, link.esme, link.version, sequence, message)
        if mt.shown is not None:
            for watcher in list(self._watchers):
                watcher(national_number(message.destination), mt.shown)
        return mt

    def receipt(self, mt: AuditedSubmit) -> None:
        body = self._submissions.receipt(mt)
        if body is not None:
            self._boxes[mt.esme].put(self._new_mo(f"receipt {mt.message_id}", mt.esme, body))

    def follow_up(self, mt: AuditedSubmit) -> None:
        """The subscriber has read the message, and may answer it."""
        if mt.status == 0 and self.ussd.is_ussd(mt.message):
            self.ussd.show(mt.message)
            return
        phone = self.phone(mt.message.destination)
        if mt.shown is not None and phone.script is not None:
            answer = phone.script(mt.shown)
            if answer is not None:
                self.send(phone.msisdn, answer, to=mt.shown.sender)

    def query(self, query: MessageQuery) -> tuple[int, int]:
        return self._submissions.query(query)

    def left(self, link: EsmeConnection) -> None:
        self.links.remove(link)
        self._check_alone()

    def new_link(self, outbind: tuple[str, str] | None = None) -> EsmeConnection:
        self._last_link += 1
        link = EsmeConnection(self._last_link, self, self._terms, self._context, outbind)
        self.links.append(link)
        return link

    def settled(self) -> None:
        """Something owed is owed no more; whoever waits for quiet may have it."""
        if not self._quiet or not all(box.empty for box in self._boxes.values()):
            return
        if not any(link.busy for link in self.links):
            quiet, self._quiet = self._quiet, []
            for each in quiet:
                each.callback(None)

    def _check_alone(self) -> None:
        if not self.links:
            gone, self._gone = self._gone, []
            for each in gone:
                each.callback(None)


class _Links(ServerFactory):
    noisy = False

    def __init__(self, smsc: Smsc) -> None:
        self._smsc = smsc

    def buildProtocol(self, addr: IAddress | None) -> EsmeConnection:
        return self._smsc.new_link()


class _Outbind(ClientFactory):
    noisy = False

    def __init__(self, smsc: Smsc, system_id: str, password: str) -> None:
        self._smsc = smsc
        self._says = (system_id, password)

    def buildProtocol(self, addr: IAddress | None) -> EsmeConnection:
        return self._smsc.new_link(self._says)
