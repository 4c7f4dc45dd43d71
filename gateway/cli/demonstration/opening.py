"""Everything on this machine: sample subscribers, the gateway, and the simulators it talks to."""

from __future__ import annotations

import random
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from twisted.internet.defer import maybeDeferred

from gateway.app import gateway
from gateway.cli.demonstration.console import demo_console, words_of
from gateway.cli.foreground import Foreground
from gateway.cli.sample_data import load_samples, sample_operators
from gateway.config.settings import (
    AsteriskSettings,
    LinkSettings,
    ServiceSettings,
    Settings,
    host_port,
)
from gateway.config.sources import read_settings
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import spooled, tell_errors
from gateway.ops.log_spool import LogSpool
from gateway.ops.log_style import log_style
from gateway.store.opening import upgrade
from simulators.pbx.pbx import Pbx
from simulators.pbx.phone_verbs import CallListeners, call_verbs
from simulators.smsc.command_line import open_control
from simulators.smsc.smsc import Smsc

ACCOUNT = ("hallgate", "secret")
RECORDS = ("--set", "service.records=store")
USUAL = 8089  # where a phone looks for the demo
WELCOME = """
Hallgate is open. In a second terminal, a subscriber's phone (13800138001):

  .venv/bin/hallgate phone{at}
  > sms YE                  the balance
  > sms KTEDU40             an order; confirm it with   sms 是
  > sms CXXD#739204         a link to one's detailed records, after a code and a Y
  > sms 2010                a new password; confirm it with   sms Y
  > dial *139#              the menu on the screen; type keys, or   hangup
  > call 10086              the voice menu, in writing; type keys, or   hangup
  > number 13800138004      somebody else's phone

  .venv/bin/hallgate phone{at} sms CD      one message, and its answer

Health: http://{http}/healthz   counters: http://{http}/metrics   log: {log}
The subscribers 13800138001 to 13800138010 stand in conf/sample/personas.yaml.

The console for people who work here: {api}/   (its API: {api}/api/openapi.json)
{people}
Ctrl-C stops everything.
"""


@asynccontextmanager
async def open_demo(
    chosen: Namespace, foreground: Foreground, reactor: IHallReactor
) -> AsyncIterator[None]:
    """The simulated SMSC and exchange first, so that the gateway's first attempt finds them; closed
    in reverse."""
    smsc = Smsc(reactor, dict([ACCOUNT]), chance=random.Random())
    ears = CallListeners()
    pbx = Pbx(reactor, dict([ACCOUNT]), sounds=ears.seconds, hear=ears.heard, over=ears.over)
    port, ami = smsc.listen("127.0.0.1", 0), pbx.listen(reactor)
    try:
        settings = _settings(chosen, port, ami)
        log_file = settings.ivr.sounds.parent / "demo.log"
        log_file.parent.mkdir(parents=True, exist_ok=True)
        upgrade(settings)
        load_samples(settings, 0, 0, only_if_empty=True)
        with log_file.open("ab") as stream, spooled(stream, log_style(settings)) as log:
            tell_errors(log)
            async with gateway(
                settings, reactor, log, go_on=foreground.go_on, lost=foreground.lost
            ) as running:
                calls = call_verbs(pbx, ears)
                control = open_control(reactor, smsc, chosen.control, more=calls)
                http = f"{settings.http.listen.rpartition(':')[0]}:{running.http_port}"
                at = "" if control == USUAL else f" --at 127.0.0.1:{control}"
                around = ["--set", f"console.gateways=[http://{http}]"]
                around += ["--set", f"console.phone=127.0.0.1:{control}"]
                words = [*words_of(chosen), *RECORDS, *around]
                async with demo_console(words, log_file) as console:

                    def reload() -> None:
                        running.reload(lambda: _settings(chosen, port, ami))
                        console.hang_up()

                    foreground.hang_up = reload
                    welcome = WELCOME.format(
                        http=http,
                        log=log_file,
                        at=at,
                        api=console.address,
                        people=_people(settings),
                    )
                    with closing(LogSpool(sys.stdout.fileno())) as screen:
                        screen.write(f"{welcome}\n".encode())
                        yield
    finally:
        await maybeDeferred(pbx.stop)
        await smsc.stop()


def _people(settings: Settings) -> str:
    """Who can log in there, and with what."""
    return "\n".join(
        f"  operator {one.number} {one.name} ({one.role})  password {one.password.reveal()}\n"
        f"    code: .venv/bin/hallgate operators code {one.totp.reveal()}"
        for one in sample_operators(settings)
    )


def _settings(chosen: Namespace, port: int, ami: int) -> Settings:
    """As configured, with the simulated SMSC and exchange in the place of real ones. Nobody hears
    the exchange but by reading, so it needs no sounds."""
    settings = read_settings(chosen.config, chosen.set)
    link = LinkSettings(name="demo", host="127.0.0.1", port=port, system_id=ACCOUNT[0])
    smpp = settings.smpp.model_copy(update={"links": [link]})
    asterisk = AsteriskSettings(name="demo-pbx", host="127.0.0.1", port=ami, simulated=True)
    ivr = settings.ivr.model_copy(update={"asterisk": [asterisk], "make_missing": False})
    parts = {"smpp": smpp, "ivr": ivr, "service": _with_records(settings)}
    return settings.model_copy(update=parts)


def _with_records(settings: Settings) -> ServiceSettings:
    """The sample's detailed records can be had: the console opens the links to them."""
    if host_port(settings.console.listen)[1] == 0:  # nobody knows yet where that will be
        return settings.service
    here = {"records": "store", "link_base": f"http://{settings.console.listen}/x/"}
    return settings.service.model_copy(update=here)
