"""A hall behind a real Asterisk, and telephones in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from gateway.cli.prompts import all_prompts
from gateway.cli.sample_data import load_samples
from gateway.store.opening import upgrade
from gateway.tts.sound_folder import SoundFolder, build
from gateway.tts.synthesis import SynthesisVoice
from simulators.smsc.smsc import Smsc
from tests.ivr.real_asterisk import Asterisk
from tests.stories.deployment import ACCOUNT, Deployment, link
from tests.stories.hall import Hall, opened


@asynccontextmanager
async def sip_hall(
    folder: Path, asterisk: Asterisk, voice: SynthesisVoice, **more: Any
) -> AsyncIterator[Hall]:
    """A gateway between an SMSC and the Asterisk, with a sound for every prompt; `more` stands in
    its section ivr:."""
    from twisted.internet import reactor

    house = Deployment(folder, f"sqlite:///{folder / 'hall.db'}")
    smsc = Smsc(reactor, ACCOUNT, chance=Random(1))
    ivr: dict[str, Any] = {"sounds": str(folder / "sounds"), "make_missing": False, **more}
    ivr["asterisk"] = [{"name": "pbx-a", "port": asterisk.ami_port}]
    house.configure([link(smsc.listen(), ussd="off")], ivr=ivr)
    build(SoundFolder(house.settings.ivr.sounds), all_prompts(house.settings), voice)
    upgrade(house.settings)
    load_samples(house.settings, 0, 0)
    async with opened(house, smsc, ["smsc-a", "pbx-a"]) as hall:
        yield hall
    await smsc.stop()
