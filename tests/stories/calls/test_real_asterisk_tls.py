"""AMI over TLS with a real Asterisk: passwords that callers type pass there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_twisted

from ivr.ami.account import AmiAccount
from simulators.smsc.smsc import Smsc
from tests.ivr.asterisk_gateway import Person
from tests.ivr.real_asterisk import SECRET, TESTER, running
from tests.smpp.certificates import Authority
from tests.stories.deployment import Deployment, link
from tests.stories.hall import opened

pytestmark = [
    pytest.mark.service,
    pytest.mark.slow,
    # Twisted hands pyOpenSSL its own certificates and keys, which pyOpenSSL 26 deprecates
    pytest.mark.filterwarnings("ignore:Passing pyOpenSSL:DeprecationWarning"),
]


@pytest_twisted.ensureDeferred
async def test_calls_are_served_over_tls(
    place: Deployment, smscs: Callable[..., Smsc], tmp_path: Path
) -> None:
    """By an Asterisk whose certificate we can verify; one of another authority, or for another
    name, is told of and never logged in to."""
    from twisted.internet import reactor

    ours, strange = Authority(tmp_path, "authority"), Authority(tmp_path, "stranger")
    trusted = {"ca": str(ours.certificate)}
    smsc = smscs()
    smpp = [link(smsc.listen(), ussd="off")]

    def configure(port: int, tls: dict[str, str]) -> None:
        pbx = {"name": "pbx-a", "port": port, "tls": tls}
        sounds = {"sounds": str(place.folder / "sounds"), "make_missing": False}
        place.configure(smpp, ivr={"asterisk": [pbx]} | sounds)

    with running(ours.vouch_for("127.0.0.1")) as asterisk:
        configure(asterisk.tls_port, trusted)
        async with opened(place, smsc, ["pbx-a"]) as hall:
            person = await Person(reactor, asterisk.ami_port, AmiAccount(TESTER, SECRET)).up()
            channel = await person.calls("10086")
            await hall.log.told("served", action="menu", link="pbx-a")
            await person.hangs_up(channel)
            await hall.log.told("call over")
            await person.down()
        for tls, lack in [
            ({"ca": str(strange.certificate)}, "certificate verify failed"),
            (trusted | {"hostname": "pbx.example"}, "pbx.example"),
        ]:
            configure(asterisk.tls_port, tls)
            async with opened(place, smsc, []) as hall:
                waiting = await hall.log.told("line", line="pbx-a", state="waiting")
                assert lack in waiting["reason"]
                assert hall.log.named("line", line="pbx-a", state="serving") == []
