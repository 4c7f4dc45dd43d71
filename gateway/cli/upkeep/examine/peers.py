"""Who the hall speaks with: the store, Redis, SMSCs, Asterisks, the BOSS, and its own ports."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from gateway.cli.upkeep.examine.finding import HealthFinding, mind, well, wrong
from gateway.config.sections.setting_types import host_port, passed_socket
from gateway.config.settings import Settings
from gateway.security.encryption import UnusableKey
from gateway.security.master_key import existing_key
from gateway.store.connection import StoreFailure
from gateway.store.migrations.schema_version import newest
from gateway.store.outage import named
from gateway.store.sqlite import sqlite_file
from gateway.store.upkeep.examined import (
    OLDEST_POSTGRESQL,
    ExaminedStore,
    RedisAway,
    examined,
    redis_version,
)

PATIENCE: Final = 3.0  # seconds for which somebody is waited for
OLDEST_REDIS: Final = 6


def examine_peers(settings: Settings) -> Iterator[HealthFinding]:
    yield from _store(settings)
    if settings.sessions.url != "store":
        yield _redis(settings.sessions.url)
    for link in settings.smpp.links:
        told = (
            f"the SMSC's address and port, and whether its firewall lets us in (link {link.name})"
        )
        yield _reached(f"SMSC {link.name}", link.host, link.port, told)
    if not settings.smpp.links:
        yield mind("SMSC", "no link is configured", "smpp.links in the configuration")
    for pbx in settings.ivr.asterisk:
        yield _reached(f"Asterisk {pbx.name}", pbx.host, pbx.port,
                       "manager.conf: enabled, bindaddr, and a user for us")  # fmt: skip
    if settings.boss is not None:
        url = urlsplit(settings.boss.url)
        port = url.port or (443 if url.scheme == "https" else 80)
        yield _reached("BOSS", url.hostname or "", port, "boss.url, or the BOSS itself")
    yield from _ports(settings)


def _store(settings: Settings) -> Iterator[HealthFinding]:
    url = settings.store.url
    file = sqlite_file(url)
    if file is not None and not file.exists():
        yield well("schema", f"no store yet: the first start makes {file}")
        return
    try:
        seen = examined(url, existing_key(settings, file))
    except UnusableKey as error:
        what, _, cure = str(error).partition(". ")
        yield wrong("key", what, cure)
        return
    except StoreFailure as error:
        cure = "store.url: host, database, user, password; or start the server"
        yield wrong("store", f"it does not answer: {named(error)}", cure)
        return
    yield from _told(seen)


def _told(seen: ExaminedStore) -> Iterator[HealthFinding]:
    if seen.server and seen.server < OLDEST_POSTGRESQL:
        yield wrong("PostgreSQL", str(seen.server), f"{OLDEST_POSTGRESQL} or newer")
    elif seen.server:
        yield well("PostgreSQL", str(seen.server))
    if not seen.schema:
        yield well("schema", "the store is empty: the first start makes it")
    elif seen.schema < newest():
        yield wrong(
            "schema", f"{seen.schema}, this program wants {newest()}", "hallgate db upgrade"
        )
    elif seen.schema > newest() and newest() < seen.works_with:
        yield wrong("schema", f"{seen.schema}, newer than this program", "start the newer program")
    else:
        yield well("schema", seen.schema)
    if not seen.key_fits:
        yield wrong("key", "the store was made with another key, or its key is not here",
                    "put the hall's key in its place, or into secrets.key")  # fmt: skip


def _redis(url: str) -> HealthFinding:
    try:
        version = redis_version(url, PATIENCE)
    except RedisAway as away:
        return wrong("Redis", f"it does not answer: {away}",
                     "start it, or sessions.url; until then dialogues begin anew")  # fmt: skip
    if int(version.partition(".")[0]) < OLDEST_REDIS:
        return mind("Redis", version, f"{OLDEST_REDIS} or newer")
    return well("Redis", version)


def _reached(what: str, host: str, port: int, cure: str) -> HealthFinding:
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError as error:
        return wrong(what, f"{host}:{port} cannot be reached: {_said(error)}", cure)
    return well(what, f"{host}:{port} can be reached; whether it lets us in, /readyz tells")


def _said(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _ports(settings: Settings) -> Iterator[HealthFinding]:
    """Where it listens itself. A port that is taken may be taken by the hall that runs."""
    wanted = {"http.listen": settings.http.listen, "console.listen": settings.console.listen}
    for link in settings.smpp.links:
        if link.outbind is not None:
            wanted[f"outbind of {link.name}"] = link.outbind.listen
    for what, address in wanted.items():
        if address == "off" or passed_socket(address) is not None:
            continue
        yield _port(what, *host_port(address))


def _port(what: str, host: str, port: int) -> HealthFinding:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        cure = f"if no hall runs here: another port, or who has it: ss -ltnp 'sport = :{port}'"
        return mind(what, f"{host}:{port} cannot be used: {_said(error)}", cure)
    return well(what, f"{host}:{port} is free")
