"""The command line of the simulated SMSC, and the port of the phones on it."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import fields
from random import Random
from typing import Any

from twisted.internet.error import CannotListenError
from twisted.internet.ssl import DefaultOpenSSLContextFactory

from simulators.phone.control_port import PhonePort, PhoneVerb
from simulators.smsc.faults import SmscFaults
from simulators.smsc.handset import ShownMessage
from simulators.smsc.phone_verbs import sms_verbs
from simulators.smsc.random_faults import RandomFaults
from simulators.smsc.settings import FLOOD, SmscSettings
from simulators.smsc.smsc import Smsc
from simulators.smsc.ussd_centre import PhoneScreen

ACCOUNT = "hallgate:secret"

EXAMPLE = """\
examples:
  %(prog)s
      an SMSC on 127.0.0.1:2775 for system_id hallgate, password secret;
      a phone for it in another terminal: hallgate phone
  %(prog)s --port 2776 --account me:pw --fault throttle=10 --fault slow=20%%
      the first ten submit_sm are throttled, every fifth answer is slow
  %(prog)s --fault silent=always:enquire_link --fault drop_midway=1:deliver_sm
  %(prog)s --chaos 7
      all faults at random, the same ones again with the same number

a fault is NAME=WHEN: always, never, a count, or a percentage, and with :kind,kind only at those
PDUs. They are:
"""
FAULTS = textwrap.fill(", ".join(each.name for each in fields(SmscFaults)), 98)


def open_control(
    reactor: Any, smsc: Smsc, port: int, host: str = "127.0.0.1", more: Mapping[str, PhoneVerb] = {}
) -> int:
    """Let phones talk to an SMSC, and to what knows `more` verbs; the port in use."""
    known = PhonePort({**sms_verbs(smsc), **more})
    opened: int = reactor.listenTCP(port, known, interface=host).getHost().port
    return opened


def main(argv: Sequence[str] | None = None, prog: str | None = None) -> int:
    """Serve until interrupted; the exit status."""
    from twisted.internet import reactor

    asked = _parser(prog).parse_args(argv)
    faults = SmscFaults()
    try:
        for said in asked.fault:
            faults.set(said)
    except ValueError as error:
        print(f"--fault: {error}", file=sys.stderr)
        return 2
    accounts = dict(account.partition(":")[::2] for account in asked.account or [ACCOUNT])
    terms = SmscSettings(window=asked.window, enquire_every=asked.enquire, ids=asked.ids)
    smsc = Smsc(reactor, accounts, faults, Random(asked.seed), terms, keep=False)
    try:
        port = smsc.listen(asked.host, asked.port, tls(asked.cert, asked.key))
        control = open_control(reactor, smsc, asked.control)
    except CannotListenError as taken:
        where = f"{taken.interface}:{taken.port}"
        print(f"{where} cannot be used: {taken.socketError}", file=sys.stderr)
        return 1
    smsc.ussd.carrier = asked.ussd
    smsc.watch(_print)
    smsc.ussd.watch(_print_screen)
    if asked.chaos is not None:
        RandomFaults(smsc, Random(asked.chaos), reactor).start()
    reactor.addSystemEventTrigger("before", "shutdown", smsc.stop)
    print(
        f"SMSC on {asked.host}:{port}, phones on 127.0.0.1:{control}. Ctrl-C stops it.", flush=True
    )
    reactor.run()
    return 0


def tls(cert: str | None, key: str | None) -> object:
    if cert is None:
        return None
    return DefaultOpenSSLContextFactory(key or cert, cert)


def _print(number: str, message: ShownMessage) -> None:
    print(f"{message.sender} → {number}: {message.text}", flush=True)


def _print_screen(number: str, screen: PhoneScreen) -> None:
    print(f"{number} │ {screen.text.replace(chr(10), ' │ ')}", flush=True)


def _parser(prog: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="An SMSC with subscribers on it, that misbehaves on demand (SMPP 3.4).",
        epilog=EXAMPLE + FAULTS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="where SMPP listens (127.0.0.1)")
    add("--port", type=int, default=2775, help="SMPP (2775)")
    add("--control", type=int, default=8089, help="for phones, on 127.0.0.1 (8089)")
    add("--account", action="append", default=[], metavar="NAME:PASSWORD",
        help=f"an ESME that may bind, again for more ({ACCOUNT})")  # fmt: skip
    add("--fault", action="append", default=[], metavar="NAME=WHEN", help="see below")
    add("--chaos", type=int, metavar="SEED", help="all faults, in turn and together, at random")
    add("--seed", type=int, default=0, help="of faults given as percentages (0)")
    add("--window", type=_window, default=10, help="unanswered deliver_sm a link, or flood (10)")
    add("--ids", choices=("hex", "decimal"), default="hex", help="how message ids are written")
    add(
        "--ussd",
        choices=("its_session_info", "user_message_reference", "msisdn"),
        default="its_session_info",
        help="what names a USSD dialogue (its_session_info)",
    )
    add("--enquire", type=float, default=30.0, help="seconds between enquire_link (30)")
    add("--cert", help="serve TLS with this certificate, PEM")
    add("--key", help="and this private key, PEM; else it is in the same file")
    return parser


def _window(said: str) -> float:
    return FLOOD if said == "flood" else int(said)
