"""What conf/gateway.yaml says that a gateway starts with, and hardly anybody means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gateway.config.settings import Settings
from smpp.statuses import status_number
from tariffs.file_problem import FilePlace, FileProblem


def setting_doubts(settings: Settings) -> Iterator[FileProblem]:
    """Each with its place in the file."""
    yield from _links(settings)
    yield from _one_place(settings)
    yield from _asterisks(settings)
    yield from _times(settings)
    if settings.service.confirm_port == settings.service.number:
        what = "a 1 is said to service.number for other reasons"
        yield FileProblem(("service", "confirm_port"), what, "Add digits to it")
    key = settings.secrets.key
    if key is not None and len(set(bytes.fromhex(key.get_secret_value()))) == 1:
        fix = (
            "For a new hall make one with openssl rand -hex 32; "
            "keep it where a store was made with it"
        )
        yield FileProblem(("secrets", "key"), "it is one octet again and again", fix)


def _links(settings: Settings) -> Iterator[FileProblem]:
    for n, link in enumerate(settings.smpp.links):
        here: FilePlace = ("smpp", "links", n)
        if not _is_pattern(link.address_range):
            what = f"'{link.address_range}' is no pattern of addresses"
            fix = (
                "Write a regular expression like ^10086, or leave it empty for what the SMSC "
                "has set down"
            )
            yield FileProblem((*here, "address_range"), what, fix)
        for name in link.statuses:
            if not status_number(name):
                what = "by 0 the SMSC has taken a message"
                yield FileProblem((*here, "statuses", name), what, "Take it out")


def _is_pattern(text: str) -> bool:
    """Which addresses an SMSC sends to us: a UNIX regular expression (SMPP 3.4 §5.2.7), of which a
    star at the beginning is a star, as of *139#."""
    plain = _CLASS.sub("0-9", text.removeprefix("^").removeprefix("*"))
    try:
        return not text or bool(_SIGNS.fullmatch(text) and re.compile(plain))
    except (re.error, OverflowError):
        return False


_CLASS: Final = re.compile(r"\[:[a-z]+:\]")  # of signs, as in [[:digit:]]
_SIGNS: Final = re.compile("[!-~]+")


def _one_place(settings: Settings) -> Iterator[FileProblem]:
    """Two that listen at one port: the second cannot be opened."""
    taken = {settings.http.listen, settings.console.listen}
    fix = "Give each a port of its own"
    called: set[str] = set()
    for n, link in enumerate(settings.smpp.links):
        if link.outbind is None or (at := link.outbind.listen).endswith(":0"):
            continue
        place: FilePlace = ("smpp", "links", n, "outbind", "listen")
        if at in called:
            yield FileProblem(place, f"two links are called at {at}", fix)
        elif at in taken:
            yield FileProblem(place, f"http or console listens at {at}, too", fix)
        called.add(at)


def _asterisks(settings: Settings) -> Iterator[FileProblem]:
    known: set[str] = set()
    for n, each in enumerate(settings.ivr.asterisk):
        place = f"{each.host}:{each.port}"
        if each.port and place in known:
            what = f"two Asterisks are at {place}, so each call comes twice"
            yield FileProblem(("ivr", "asterisk", n), what, "Keep one of them")
        known.add(place)


def _times(settings: Settings) -> Iterator[FileProblem]:
    """Of two times, one of which never comes."""
    limits, ivr, console = settings.limits, settings.ivr, settings.console
    if limits.ussd_dialogue < limits.ussd_key:
        what = "it is over before ussd_key, its one screen"
        yield FileProblem(("limits", "ussd_dialogue"), what, "Write ussd_key or more")
    if ivr.recording_silence > ivr.recording_seconds:
        what = "a recording ends before so much silence"
        yield FileProblem(("ivr", "recording_silence"), what, "Write recording_seconds or less")
    if console.session < console.idle:
        what = "it is over before idle, a pause in it"
        yield FileProblem(("console", "session"), what, "Write idle or more")
    if settings.boss is not None and settings.boss.give_up < settings.boss.timeout:
        what = "nobody waits so long as one call, timeout"
        yield FileProblem(("boss", "give_up"), what, "Write more than that")
