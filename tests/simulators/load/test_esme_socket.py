"""A link: whole PDUs out of whatever pieces TCP makes, and writing without waiting."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from simulators.load.esme_socket import EsmeDisconnected, EsmeSocket
from simulators.load.packed_pdus import HEADER, MalformedSubmit, pack_pdu

Ends = tuple[EsmeSocket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """Ours, and the ESME's socket."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        esme = socket.create_connection(listener.getsockname())
        link = EsmeSocket(listener.accept()[0])
    yield link, esme
    link.close()
    esme.close()


def read(link: EsmeSocket) -> list[tuple[int, bytes]]:
    return [(sequence, data[at:end]) for _, _, sequence, data, at, end in link.read()]


def test_a_pdu_in_single_octets_is_read_when_its_last_one_comes(ends: Ends):
    """And what follows it in the same piece is kept."""
    link, esme = ends
    first, second = pack_pdu(4, 0, 1, b"abc"), pack_pdu(4, 0, 2)
    esme.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    for octet in first[:-1]:
        esme.sendall(bytes((octet,)))
        link.socket.setblocking(True)
        assert read(link) == []
    esme.sendall(first[-1:] + second)

    assert read(link) == [(1, first), (2, second)]


def test_nothing_there_is_nothing_read(ends: Ends):
    """A socket that has no news is no mistake."""
    assert read(ends[0]) == []


@pytest.mark.parametrize("length", [0, 15, 65_537, 0xFFFFFFFF])
def test_a_length_that_cannot_be_ends_the_framing(ends: Ends, length: int):
    """Nothing after it could be trusted."""
    link, esme = ends
    esme.sendall(HEADER.pack(length, 4, 0, 1))
    link.socket.setblocking(True)

    with pytest.raises(MalformedSubmit, match=str(length)):
        read(link)


def test_the_peers_end_is_the_links_end(ends: Ends):
    """Found while reading."""
    link, esme = ends
    esme.close()
    link.socket.setblocking(True)

    with pytest.raises(EsmeDisconnected):
        read(link)


def test_what_the_socket_does_not_take_stays(ends: Ends):
    """A reader that sleeps costs memory here, never a wait."""
    link, esme = ends
    octets = bytes(range(256)) * 65_536
    link.out += octets

    link.flush()
    assert 0 < len(link.out) < len(octets)

    taken = b""
    while len(taken) < len(octets):
        taken += esme.recv(1 << 20)
        link.flush()
    assert taken == octets
    assert not link.out
