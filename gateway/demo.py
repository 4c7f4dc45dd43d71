"""Everything on this machine: sample subscribers, the gateway, and the simulators it talks to."""

from __future__ import annotations

import random
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from gateway.app import gateway
from gateway.configuration import read_settings
from gateway.foreground import Foreground
from gateway.log import Log
from gateway.samples import load_samples
from gateway.settings import LinkSettings
from simulators.smsc import Smsc, open_control

ACCOUNT = ("hallgate", "secret")
WELCOME = """
Hallgate is open. In a second terminal:

  .venv/bin/hallgate phone                     a subscriber's phone (13800138001); then type
                                                 sms YE            the balance
                                                 sms KTEDU40       an order; confirm it with  sms 是
                                                 sms 2010          a new password; confirm it with
                                                  sms Y number 13800138004   be somebody else
  .venv/bin/hallgate phone sms CD              one message, and its answer

Health: http://{http}/healthz   counters: http://{http}/metrics   log: {log}
Subscribers 13800138001 to 13800138010; their passwords stand in conf/sample/personas.yaml.
Dialling *139#, calling 10086 and the web console are not built yet.
Ctrl-C stops everything.
"""


@asynccontextmanager
async def open_demo(chosen: Namespace, foreground: Foreground, reactor: Any) -> AsyncIterator[None]:
    smsc = Smsc(reactor, dict([ACCOUNT]), chance=random.Random())
    port = smsc.listen("127.0.0.1", 0)
    settings = read_settings(chosen.config, chosen.set)
    link = LinkSettings(name="demo", host="127.0.0.1", port=port, system_id=ACCOUNT[0])
    smpp = settings.smpp.model_copy(update={"links": [link]})
    settings = settings.model_copy(update={"smpp": smpp})
    path = Path(settings.ivr.sounds).parent / "demo.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    load_samples(settings, 0, 0, only_if_empty=True)
    with path.open("ab") as stream:
        async with gateway(settings, reactor, Log(stream)) as running:
            foreground.hang_up = lambda: running.reload(read_settings(chosen.config, chosen.set))
            open_control(reactor, smsc, chosen.control)
            http = settings.http.listen.rpartition(":")[0] + f":{running.http_port}"
            print(WELCOME.format(http=http, log=path), flush=True)
            yield
    await smsc.stop()
