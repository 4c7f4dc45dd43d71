"""Who may bind to the simulated SMSC, how, and how a link ends."""

from __future__ import annotations

from typing import cast

import pytest
import pytest_twisted
from smpplib import consts
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.protocol import ServerFactory
from twisted.internet.tcp import Port

from simulators.fault_timing import always, times
from simulators.smsc.smsc import Smsc
from tests.simulators.conftest import Build, Connect
from tests.simulators.esme import Esme


@pytest.mark.parametrize("mode", ["transmitter", "receiver", "transceiver"])
@pytest_twisted.ensureDeferred
async def test_each_kind_of_bind_is_accepted(smsc: Smsc, esme: Connect, mode: str) -> None:
    """The response names the SMSC and its version."""
    peer = await esme(smsc, None)
    response = await peer.bind(mode)
    assert response.status == consts.SMPP_ESME_ROK
    assert response.system_id == b"simulator"
    assert response.sc_interface_version == 0x34


@pytest_twisted.ensureDeferred
async def test_an_esme_of_version_3_3_is_spared_tlvs(smsc: Smsc, esme: Connect) -> None:
    """Neither the bind's response nor a receipt carries one."""
    peer = await esme(smsc, None)
    old = await peer.bind(interface_version=0x33)
    assert old.sc_interface_version is None
    await peer.submit(registered_delivery=1)
    receipt = await peer.take()
    assert receipt.receipted_message_id is None
    assert receipt.short_message.startswith(b"id:")


@pytest.mark.parametrize(
    ("user", "password", "status"),
    [
        ("hallgate", "wrong", consts.SMPP_ESME_RINVPASWD),
        ("nobody", "secret", consts.SMPP_ESME_RINVSYSID),
    ],
)
@pytest_twisted.ensureDeferred
async def test_a_stranger_is_refused_and_may_try_again(
    smsc: Smsc, esme: Connect, user: str, password: str, status: int
) -> None:
    """The connection stays open after a refusal."""
    peer = await esme(smsc, None)
    assert (await peer.bind(user=user, password=password)).status == status
    assert (await peer.bind()).status == consts.SMPP_ESME_ROK


@pytest_twisted.ensureDeferred
async def test_some_smscs_close_after_a_refusal(build: Build, esme: Connect) -> None:
    """And say so first."""
    peer = await esme(build(hang_up_refused=True), None)
    assert (await peer.bind(password="wrong")).status == consts.SMPP_ESME_RINVPASWD
    await peer.gone()


@pytest_twisted.ensureDeferred
async def test_a_second_bind_on_a_link_is_refused(smsc: Smsc, esme: Connect) -> None:
    """ESME_RALYBND."""
    peer = await esme(smsc)
    assert (await peer.bind()).status == consts.SMPP_ESME_RALYBND


@pytest_twisted.ensureDeferred
async def test_binds_are_refused_on_demand(smsc: Smsc, esme: Connect) -> None:
    """With the status asked for, as often as asked for."""
    smsc.faults.refuse_bind = times(2)
    smsc.faults.bind_status = consts.SMPP_ESME_RSYSERR
    peer = await esme(smsc, None)
    statuses = [(await peer.bind()).status for _ in range(3)]
    assert statuses == [consts.SMPP_ESME_RSYSERR, consts.SMPP_ESME_RSYSERR, 0]


@pytest_twisted.ensureDeferred
async def test_who_never_binds_is_cut(build: Build, esme: Connect) -> None:
    """After the time granted."""
    peer = await esme(build(bind_within=0.05), None)
    await peer.gone()


@pytest_twisted.ensureDeferred
async def test_submitting_needs_a_transmitting_bind(smsc: Smsc, esme: Connect) -> None:
    """ESME_RINVBNDSTS before the bind and on a receiver."""
    unbound = await esme(smsc, None)
    assert (await unbound.submit()).status == consts.SMPP_ESME_RINVBNDSTS
    receiver = await esme(smsc, "receiver")
    assert (await receiver.submit()).status == consts.SMPP_ESME_RINVBNDSTS
    assert not smsc.phones


@pytest_twisted.ensureDeferred
async def test_an_esme_unbinds(smsc: Smsc, esme: Connect) -> None:
    """It is answered, and the connection closes."""
    peer = await esme(smsc)
    number = peer.send("unbind")
    assert (await peer.next("unbind_resp")).sequence == number
    await peer.gone()
    assert not smsc.links


@pytest_twisted.ensureDeferred
async def test_the_smsc_unbinds(smsc: Smsc, esme: Connect) -> None:
    """It waits for the answer, then closes."""
    peer = await esme(smsc)
    smsc.links[0].unbind()
    request = await peer.next("unbind")
    peer.send("unbind_resp", request.sequence)
    await peer.gone()


@pytest_twisted.ensureDeferred
async def test_an_esme_that_ignores_unbind_is_cut(hasty: Smsc, esme: Connect) -> None:
    """After the response time-out."""
    peer = await esme(hasty)
    hasty.links[0].unbind()
    await peer.next("unbind")
    await peer.gone()


@pytest_twisted.ensureDeferred
async def test_enquire_link_is_answered(smsc: Smsc, esme: Connect) -> None:
    """With its own number, also before a bind."""
    peer = await esme(smsc, None)
    peer.send("enquire_link", 77)
    assert (await peer.next("enquire_link_resp")).sequence == 77


@pytest_twisted.ensureDeferred
async def test_enquire_link_is_never_answered_on_demand(smsc: Smsc, esme: Connect) -> None:
    """Everything else still is."""
    smsc.faults.silent = always("enquire_link")
    peer = await esme(smsc)
    peer.send("enquire_link")
    await peer.submit()
    assert peer.unread() == []


@pytest_twisted.ensureDeferred
async def test_the_smsc_enquires_and_cuts_who_does_not_answer(build: Build, esme: Connect) -> None:
    """One answer keeps the link for another round."""
    peer = await esme(build(enquire_every=0.3))
    first = await peer.next("enquire_link")
    peer.send("enquire_link_resp", first.sequence)
    await peer.next("enquire_link")
    await peer.gone()


@pytest_twisted.ensureDeferred
async def test_the_smsc_calls_an_esme_and_asks_it_to_bind(smsc: Smsc) -> None:
    """outbind, then an ordinary bind on the same connection."""
    from twisted.internet import reactor

    called: Deferred[Esme] = Deferred()

    class Listener(ServerFactory):
        noisy = False

        def buildProtocol(self, addr: object) -> Esme:
            peer = Esme(reactor)
            peer.factory = self
            called.callback(peer)
            return peer

    port = cast("Port", reactor.listenTCP(0, Listener(), interface="127.0.0.1"))
    smsc.outbind("127.0.0.1", port.getHost().port, "smsc", "pw")
    peer = await called
    outbind = await peer.next("unknown")  # smpplib does not know it
    assert outbind.data[16:] == b"smsc\0pw\0"
    assert (await peer.bind("receiver")).status == consts.SMPP_ESME_ROK
    smsc.send("13800138001", "YE")
    await peer.take()
    await maybeDeferred(port.stopListening)
    await peer.leave()
