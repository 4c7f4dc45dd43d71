"""AMI messages and their bytes, beside asterisk-ami's own reader where that holds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from asterisk.ami import Event, Response
from hypothesis import example, given
from hypothesis import strategies as st

from ivr.ami.messages import (
    LONGEST_LINE,
    MOST_HEADERS,
    AmiFramingLost,
    AmiMessage,
    AmiReader,
    Unsendable,
    encode_action,
)

# What a real Asterisk 22 wrote when a call came into AsyncAGI, shortened.
START = (
    b"Event: AsyncAGIStart\r\nPrivilege: agi,all\r\nChannel: Local/10086@hall-00000000;2\r\n"
    b"CallerIDNum: 13800138001\r\nExten: 10086\r\nUniqueid: 1795301036.1\r\n"
    b"Env: agi_request%3A%20async%0Aagi_callerid%3A%2013800138001%0A%0A\r\n\r\n"
)
BANNER = b"Asterisk Call Manager/11.0.0\r\n"

names = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True)
values = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=60)
tame = st.from_regex(r"[!-~]([ -~]{0,30}[!-~])?", fullmatch=True)


def segments(octets: bytes, cuts: list[int]) -> list[bytes]:
    """The octets as a network may deliver them."""
    at = [0, *sorted(cut % (len(octets) + 1) for cut in cuts), len(octets)]
    return [octets[a:b] for a, b in pairwise(at)]


def test_an_event_of_a_real_asterisk_is_read():
    """Header names are found whatever their case."""
    message = AmiMessage(START.removesuffix(b"\r\n\r\n"))
    assert message.event == "AsyncAGIStart"
    assert message.get("uniqueID") == "1795301036.1"
    assert message.get("CommandID", "none") == "none"


def test_an_action_is_written_as_asterisk_reads_it():
    """Golden octets: a line each, a blank line at the end, UTF-8, variables repeated."""
    written = encode_action("Originate", {"Channel": "Local/1@hall"}, {"A": "余额", "B": "1=2"})
    lines = ["Action: Originate", "Channel: Local/1@hall", "Variable: A=余额", "Variable: B=1=2"]
    assert written == "\r\n".join([*lines, "", ""]).encode()


def test_equal_names_are_all_kept():
    """ChanVariable comes once for each variable."""
    message = AmiMessage(b"Event: X\r\nChanVariable: a=1\r\nchanvariable: b=2")
    assert message.all("ChanVariable") == ["a=1", "b=2"]
    assert message.get("ChanVariable") == "a=1"


def test_a_line_without_a_colon_swallows_nothing():
    """It is kept without a name, and the next header is read as ever."""
    message = AmiMessage(b"Response: Success\r\nsome words\r\nActionID: 7")
    assert message.headers[1] == ("", "some words")
    assert message.get("ActionID") == "7"


def test_a_response_header_in_an_event_makes_it_no_response():
    """OriginateResponse tells of an action that was answered before."""
    message = AmiMessage(b"Event: OriginateResponse\r\nActionID: 1\r\nResponse: Failure")
    assert message.event == "OriginateResponse"
    assert message.response == ""


def test_a_callers_name_cannot_become_a_header():
    """Unicode knows more line ends than AMI does; only AMI's count."""
    message = AmiMessage(
        "Event: X\r\nCallerIDName: a\u2028Uniqueid: 9\x85b\r\nUniqueid: 1".encode()
    )
    assert message.all("Uniqueid") == ["1"]


def test_what_a_caller_typed_is_not_printed():
    """A message in a log or a traceback shows no values."""
    assert "739204" not in repr(AmiMessage(b"Event: AsyncAGIExec\r\nResult: (739204)"))


@given(st.lists(st.tuples(names, values), min_size=1, max_size=12))
def test_what_is_written_is_read_back(headers):
    """Through our writer and our reader, but for blanks that AMI does not keep."""
    pairs = {name: value for name, value in headers if name.lower() != "variable"}
    block = encode_action("Ping", pairs)
    assert block.count(b"\r\n\r\n") == 1
    message = AmiMessage(block.removesuffix(b"\r\n\r\n"))
    assert message.headers == (
        ("Action", "Ping"),
        *((name, value.strip(" ")) for name, value in pairs.items()),
    )


@given(st.dictionaries(names, tame, max_size=10), st.booleans())
def test_asterisk_amis_reader_agrees(headers, response):
    """On messages that it can read, each name once in one case, both find the same."""
    headers = {n: v for n, v in headers.items() if n not in Event.parsers and n != "Event"}
    kind = "Response" if response else "Event"
    block = "".join(f"{n}: {v}\r\n" for n, v in {kind: "Thing", **headers}.items())
    theirs = (Response if response else Event).read(block)
    ours = AmiMessage(block.removesuffix("\r\n").encode())
    assert dict(ours.headers[1:]) == theirs.keys
    assert (ours.response if response else ours.event) == "Thing"


@given(st.lists(st.sampled_from([START, b"Response: Success\r\nActionID: 1\r\n\r\n"]), max_size=6),
       st.lists(st.integers(min_value=0), max_size=20))  # fmt: skip
def test_however_the_network_cuts_it(blocks, cuts):
    """The banner and every message come out, once and in order."""
    reader = AmiReader()
    stream = BANNER + b"".join(blocks)
    found = [m for segment in segments(stream, cuts) for m in reader.feed(segment)]
    assert reader.banner == "Asterisk Call Manager/11.0.0"
    assert found == [AmiMessage(block.removesuffix(b"\r\n\r\n")) for block in blocks]
    assert reader.held == 0


@pytest.mark.parametrize("flood", [b"x" * 1000, b"GET / HTTP/1.1" + b" " * 300 + b"\r\n"])
def test_a_stranger_without_a_banner_is_given_up(flood):
    """Whatever listens there, it is no Asterisk."""
    with pytest.raises(AmiFramingLost):
        list(AmiReader().feed(flood))


@pytest.mark.parametrize("whole", [True, False])
def test_a_message_without_end_is_given_up(whole):
    """The limit holds for a message that comes at once as for one that goes on coming."""
    reader = AmiReader(most=500)
    flood = b"Event: X\r\nA: " + b"b" * 600 + (b"\r\n\r\n" if whole else b"")
    with pytest.raises(AmiFramingLost):
        list(reader.feed(BANNER + flood))


@given(values, st.sampled_from("\r\n\0"), values)
@example("x", "\n", "Action: Command")
def test_a_line_break_is_refused_in_any_value(before, wicked, after):
    """Asterisk would take what follows for another action."""
    with pytest.raises(Unsendable, match="line break"):
        encode_action("AGI", {"Command": before + wicked + after})


@pytest.mark.parametrize("name", ["A: b", "A\r\nAction", "", "Ä", "A b"])
def test_a_name_that_is_no_name_is_refused(name):
    """The same guard on the other side of the colon."""
    with pytest.raises(Unsendable):
        encode_action("Ping", {name: "x"})


@pytest.mark.parametrize("variable", ["", "a=b", "a\r\nb"])
def test_a_variable_that_cannot_be_named_so_is_refused(variable):
    """The first equals sign ends its name."""
    with pytest.raises(Unsendable):
        encode_action("Originate", {}, {variable: "x"})


def test_a_line_that_asterisk_would_refuse_is_not_sent():
    """Octets count, not characters."""
    fits = "余" * ((LONGEST_LINE - len("Command: ")) // 3)
    encode_action("AGI", {"Command": fits})
    with pytest.raises(Unsendable, match="octets"):
        encode_action("AGI", {"Command": fits + "余"})


def test_more_headers_than_asterisk_keeps_are_not_sent():
    """It would forget the last ones without a word."""
    with pytest.raises(Unsendable):
        encode_action("Ping", {f"H{number}": "" for number in range(MOST_HEADERS)})


def test_what_is_no_text_is_not_sent():
    """Half a surrogate pair has no UTF-8."""
    with pytest.raises(Unsendable):
        encode_action("AGI", {"Command": "\ud800"})


@pytest.mark.parametrize("secret", ["739204\n", "7" * 2000])
def test_a_refusal_does_not_tell_the_value(secret):
    """It may be a password, and the refusal goes into a log."""
    with pytest.raises(Unsendable) as refusal:
        encode_action("AGI", {"Command": secret})
    assert "7777" not in str(refusal.value)
    assert "739204" not in str(refusal.value)


def test_messages_are_values():
    """Equal headers, equal messages."""
    assert AmiMessage(b"Event: X") == AmiMessage(b"Event: X")
    assert len({AmiMessage(b"Event: X"), AmiMessage(b"Event: X")}) == 1
