"""What the simulated SMSC does for phones in terminals: texts, screens, and its faults."""

from __future__ import annotations

from collections.abc import Callable

from simulators.phone.control_port import PhoneRequest, PhoneVerb, TellPhone
from simulators.smsc.audit import WrittenText
from simulators.smsc.handset import ShownMessage
from simulators.smsc.pdus import STATUS_NAMES
from simulators.smsc.smsc import Smsc
from simulators.smsc.ussd_centre import PhoneDialogue, PhoneScreen


def sms_verbs(smsc: Smsc) -> dict[str, PhoneVerb]:
    """What an SMSC does for a phone."""

    def sms(asked: PhoneRequest, say: TellPhone) -> None:
        number, text = str(asked["number"]), str(asked["text"])
        _tell_taken(smsc.send(number, text, to=str(asked.get("to", "10086"))), say)

    def watch(asked: PhoneRequest, say: TellPhone) -> Callable[[], None]:
        number = smsc.phone(str(asked["number"])).msisdn

        def shown(msisdn: str, message: ShownMessage) -> None:
            if msisdn == number:
                say(
                    {
                        "event": "message",
                        "number": msisdn,
                        "from": message.sender,
                        "text": message.text,
                        "parts": len(message.parts),
                        "at": message.at,
                    }
                )

        return smsc.watch(shown)

    return {"sms": sms, "watch": watch, **_misbehaving(smsc), **_dialling(smsc)}


def _misbehaving(smsc: Smsc) -> dict[str, PhoneVerb]:
    """Its faults, set and mended."""

    def fault(asked: PhoneRequest, say: TellPhone) -> None:
        for said in asked["set"]:
            smsc.faults.set(said)
        say({"event": "faults", "set": asked["set"]})

    def mend(asked: PhoneRequest, say: TellPhone) -> None:
        smsc.faults.clear()
        say({"event": "faults", "set": []})

    return {"fault": fault, "mend": mend}


def _dialling(smsc: Smsc) -> dict[str, PhoneVerb]:
    """What its USSD side does for a phone; screens are heard by who watches the number."""

    def dial(asked: PhoneRequest, say: TellPhone) -> None:
        call = smsc.ussd.dial(str(asked["number"]), str(asked["to"]))
        _tell_taken(call.said[0], say)

    def type_(asked: PhoneRequest, say: TellPhone) -> None:
        if (call := _current(asked, say)) is not None:
            _tell_taken(call.answers(str(asked["text"])), say)

    def leave(asked: PhoneRequest, say: TellPhone) -> None:
        if (call := _current(asked, say)) is not None:
            call.leaves()

    def _current(asked: PhoneRequest, say: TellPhone) -> PhoneDialogue | None:
        call = smsc.ussd.current(str(asked["number"]))
        if call is None:
            say({"event": "error", "text": "nothing is on the screen: dial first"})
        return call

    def screens(asked: PhoneRequest, say: TellPhone) -> Callable[[], None]:
        number = smsc.phone(str(asked["number"])).msisdn

        def shown(msisdn: str, screen: PhoneScreen) -> None:
            if msisdn == number:
                event = {"event": "screen", "number": msisdn}
                say({**event, "text": screen.text, "waits": screen.waits})

        return smsc.ussd.watch(shown)

    return {"dial": dial, "type": type_, "leave": leave, "screens": screens}


def _tell_taken(sent: WrittenText, say: TellPhone) -> None:
    """How the gateway took it, once it has."""
    sent.settled().addCallback(
        lambda status: say({"event": "sent", "status": STATUS_NAMES.get(status, hex(status))})
    )
