"""A caller of the bench as sipp's scenario: call, play a capture, hang up (RFC 3261)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.ivr.telephones.rtp import A_LAW, EVENTS

_SCENARIO: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<scenario name="a caller">
  <send retrans="500"><![CDATA[
{invite}
]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
{ack}
]]></send>
  <nop><action><exec play_pcap_audio="{capture}"/></action></nop>
  <pause {pause}/>
  <send retrans="500"><![CDATA[
{bye}
]]></send>
  <recv response="200"/>
</scenario>
"""
_HEAD: Final = """\
{method} {target} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]x[call_number]
{to}
Call-ID: [call_id]
CSeq: {sequence} {method}
Contact: <sip:[field0]@[local_ip]:[local_port]>
Max-Forwards: 70"""
_OFFER: Final = f"""\
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP {A_LAW} {EVENTS}
a=rtpmap:{A_LAW} PCMA/8000
a=rtpmap:{EVENTS} telephone-event/8000
a=fmtp:{EVENTS} 0-15"""
_NUMBER: Final = "sip:[service]@[remote_ip]:[remote_port]"


def scenario(capture: Path, seconds: float, least: float | None = None) -> str:
    """The caller hangs up so long after the answer; with `least`, at any moment from there on."""
    dialogue = {"target": "[next_url]", "to": "[last_To:]"}
    invite = _HEAD.format(method="INVITE", target=_NUMBER, to=f"To: <{_NUMBER}>", sequence=1)
    empty = "Content-Length: 0\n"
    pause = f'milliseconds="{round(seconds * 1000)}"'
    if least is not None:
        low, high = round(least * 1000), round(seconds * 1000)
        pause = f'distribution="uniform" min="{low}" max="{high}"'
    return _SCENARIO.format(
        invite=f"{invite}\n{_OFFER}",
        ack=f"{_HEAD.format(method='ACK', sequence=1, **dialogue)}\n{empty}",
        bye=f"{_HEAD.format(method='BYE', sequence=2, **dialogue)}\n{empty}",
        capture=capture,
        pause=pause,
    )
