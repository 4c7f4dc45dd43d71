"""What settings mean, and how a mistake in them is told."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import pytest

from gateway.config.settings import OWN_CONF, Settings, host_port
from gateway.config.sources import read_settings
from smpp.messages.alphabets import DefaultAlphabet, Encoding
from smpp.statuses import Treatment
from tests.gateway.config.settings_files import ONE_LINK, findings, read

# -- mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("limits:\n  dsk: 1\n", 2, "unknown key 'limits.dsk'"),
        ("lmits:\n  desk: 1\n", 1, "unknown key 'lmits'"),
        (f"{ONE_LINK}      prot: 1\n", 4, "unknown key 'smpp.links.0.prot'"),
        ("limits:\n  desk: many\n", 2, "'limits.desk'"),
        ("limits:\n  desk: 0\n", 2, "Write 1 or more"),
        ("http:\n  listen: nowhere\n", 2, "write HOST:PORT, for example 127.0.0.1:8086"),
        ("http:\n  listen: a:99999\n", 2, "write HOST:PORT"),
        ("store:\n  url: mysql://x\n", 2, "write sqlite:///FILE or postgresql+psycopg://"),
        ("sessions:\n  url: memcached\n", 2, "write store or redis://HOST:PORT/0"),
        ("service:\n  ussd_code: '139'\n", 2, "'service.ussd_code'"),
        ("service:\n  number: 10086\n", 2, 'Put it into quotes: "10086"'),
        (f"{ONE_LINK}    - name: smsc-a\n", 2, "two links are named 'smsc-a'"),
        ("ivr:\n  asterisk: [{name: a}, {name: a}]\n", 2, "two Asterisks are named 'a'"),
        ("ivr:\n  sounds: /srv/a,b\n", 2, "Asterisk takes no , in the name of a sound"),
        (f"{ONE_LINK}      system_id: sixteen.letters.\n", 4, "at most 15 characters"),
        (f"{ONE_LINK}      statuses: {{ESME_RWHAT: fail}}\n", 4, "'ESME_RWHAT' is no"),
        ("retention:\n  metadata_days: 30\n", 2, "Write 183 or more"),
        ("- a\n", 1, "must be a mapping of keys"),
        ("smpp: {links\n", 2, "is not YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_words_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    """For whoever wrote it, not for a programmer."""
    (found,) = findings(tmp_path, text)
    assert words in found[1]
    assert found[0] == line


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Nobody likes to be told one after the other."""
    found = findings(tmp_path, "limits: {desk: 0}\nhttp: {listen: x}\nfoo: 1\n")
    assert len(found) == 3


def test_a_zone_that_does_not_exist_is_told(tmp_path: Path) -> None:
    """Before anything is opened."""
    ((line, words),) = findings(tmp_path, "service:\n  timezone: Asia/Shangai\n")
    assert line == 2
    assert "Asia/Shangai" in words


def test_a_mistake_of_the_environment_names_its_variable(tmp_path: Path) -> None:
    """It stands on no line of the file."""
    environment = {"HALLGATE_SMPP__LINKS__2__PORT": "1"}
    ((_, words),) = findings(tmp_path, environment=environment)
    assert "HALLGATE_SMPP__LINKS__2__PORT" in words


# -- meanings -------------------------------------------------------------------------------------


def test_a_links_own_statuses(tmp_path: Path) -> None:
    """By name or number."""
    text = f"{ONE_LINK}      statuses: {{ESME_RSYSERR: throttle, '0x0500': fail, 0x0501: later}}\n"
    (link,) = read(tmp_path, text).smpp.links
    assert link.statuses == {
        "ESME_RSYSERR": Treatment.THROTTLE, "0x0500": Treatment.FAIL, "0x0501": Treatment.LATER,
    }  # fmt: skip


def test_a_links_alphabet(tmp_path: Path) -> None:
    """What data_coding 0 means there."""
    assert read(tmp_path, ONE_LINK).smpp.links[0].alphabet is DefaultAlphabet.GSM7
    text = f"{ONE_LINK}      alphabet: latin1\n"
    assert read(tmp_path, text).smpp.links[0].alphabet is DefaultAlphabet.LATIN1


def test_a_links_own_codings(tmp_path: Path) -> None:
    """By their numbers, also as hexadecimal; what nobody can read is found at its line."""
    text = f"{ONE_LINK}      encodings: {{0x0F: gbk, 0: %s}}\n"
    (link,) = read(tmp_path, text % "gsm7-packed").smpp.links
    assert link.encodings == {15: Encoding.GBK, 0: Encoding.GSM7_PACKED}
    ((line, said),) = findings(tmp_path, text % "morse")
    assert line == 4
    assert "gsm7-packed" in said
    ((line, _),) = findings(tmp_path, f"{ONE_LINK}      encodings: {{256: gbk}}\n")
    assert line == 4


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [("127.0.0.1:8086", "127.0.0.1", 8086), ("[::1]:80", "::1", 80), ("a.b:0", "a.b", 0)],
)
def test_an_address_is_host_and_port(address: str, host: str, port: int) -> None:
    """IPv6 in brackets."""
    assert host_port(address) == (host, port)


def test_the_commented_file_says_what_the_defaults_are() -> None:
    """A reader of conf/gateway.yaml may believe every value in it."""
    project = OWN_CONF.parent
    shown, defaults = read_settings(OWN_CONF / "gateway.yaml", (), {}), Settings()
    assert shown.conf == OWN_CONF
    assert shown.store.url == f"sqlite:///{project}/{defaults.store.url.removeprefix('sqlite:///')}"
    assert shown.ivr.sounds == project / defaults.ivr.sounds
    assert shown.ivr.recordings == project / defaults.ivr.recordings
    assert _unplaced(shown) == _unplaced(defaults)


def _unplaced(settings: Settings) -> dict[str, object]:
    """All but what names a place on this machine."""
    plain = settings.model_dump(exclude={"conf"})
    del plain["store"]["url"], plain["ivr"]["sounds"], plain["ivr"]["recordings"]
    return plain


def test_the_commented_file_shows_every_key() -> None:
    """What is not in it cannot be found by who tunes it."""
    text = (OWN_CONF / "gateway.yaml").read_text(encoding="utf-8")
    later = {"username", "secret"}  # of an Asterisk: nothing uses it yet
    wanted = _keys(Settings.model_json_schema()) - later
    missing = [name for name in wanted if f"{name}:" not in text]
    assert missing == []


def _keys(schema: dict[str, object]) -> set[str]:
    """Every property of a model and of the models inside it."""
    found: set[str] = set()
    parts: list[object] = [schema]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            properties = part.get("properties")
            found |= set(properties) if isinstance(properties, dict) else set()
            parts.extend(part.values())
        elif isinstance(part, list):
            parts.extend(part)
    return found


def commented(first: str) -> str:
    """The example in conf/gateway.yaml that begins so, without its comment signs."""
    lines = (OWN_CONF / "gateway.yaml").read_text(encoding="utf-8").splitlines()
    start = lines.index(f"  # {first}")
    example = takewhile(lambda line: line.startswith("  #"), lines[start:])
    return "\n".join(line.replace("  # ", "    ", 1) for line in example)


def test_the_commented_boss_is_a_boss(tmp_path: Path) -> None:
    """With the defaults."""
    example = commented("url: https://boss.example/hall").replace("{env: BOSS_TOKEN}", "secret")
    boss = read(tmp_path, "boss:\n" + example).boss
    plain = read(tmp_path, "boss: {url: https://boss.example/hall/}").boss
    assert boss is not None
    assert plain is not None
    assert boss.ca == tmp_path / "boss-ca.pem"
    assert boss.model_dump(exclude={"token", "ca"}) == plain.model_dump(exclude={"token", "ca"})


def test_records_of_a_boss_want_a_boss(tmp_path: Path) -> None:
    """Else each link would open nothing."""
    ((_, said),) = findings(tmp_path, "service:\n  records: boss\n")
    assert "service.records is boss" in said
    assert read(tmp_path, "service: {records: boss}\nboss: {url: http://boss/}").boss is not None


@pytest.mark.parametrize("url", ["boss.example", "ftp://boss/", "http://", "http://b/?x=1"])
def test_an_address_of_a_boss_that_is_none(tmp_path: Path, url: str) -> None:
    ((line, said),) = findings(tmp_path, f"boss:\n  url: {url}\n")
    assert line == 2
    assert "write http://HOST:PORT or https://HOST/PATH" in said


def test_the_commented_link_is_a_link(tmp_path: Path) -> None:
    """Whoever takes the comment signs away has a link with the defaults."""
    example = commented("- name: smsc-a").replace("{env: SMSC_A_PASSWORD}", "secret")
    text = "smpp:\n  links:\n" + example
    text = text.replace("{env: SMSC_A_OUTBIND}", "theirs")
    (link,) = read(tmp_path, text).smpp.links
    (plain,) = read(tmp_path, ONE_LINK).smpp.links
    assert link.tls is not None
    assert link.outbind is not None
    meant = text.replace("statuses: {} # this SMSC's own meanings, e.g. {", "statuses: {")
    (own,) = read(tmp_path, meant.replace("}: throttle |", "} #")).smpp.links
    assert own.statuses == {"0x0500": Treatment.THROTTLE}
    shown = {"tls", "outbind", "statuses"}
    assert link.model_dump(exclude=shown) == plain.model_dump(exclude=shown)


def test_a_mistake_that_was_given_over_the_file_names_its_giver(tmp_path: Path) -> None:
    """The file says nothing of the kind."""
    over = {"HALLGATE_HTTP__LISTEN": "here"}
    found = findings(tmp_path, "limits: {desk: 10}", "limits.desk=0", environment=over)
    (desk, http) = sorted(text for _, text in found)
    assert desk.startswith("--set limits.desk: 'limits.desk' is too small")
    assert http.startswith("HALLGATE_HTTP__LISTEN: 'http.listen': write HOST:PORT")
