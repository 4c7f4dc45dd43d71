"""Where settings come from, in which order, and how a mistake is told."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway import certificates
from gateway.configuration import read_settings
from gateway.files import BadFile
from gateway.settings import OWN_CONF, Settings, host_port
from smpp.alphabets import Default, Encoding
from smpp.statuses import Treatment
from tests.smpp.certificates import Authority

ONE_LINK = "smpp:\n  links:\n    - name: smsc-a\n"


def read(
    folder: Path, text: str = "", *sets: str, environment: Mapping[str, str] | None = None
) -> Settings:
    """A file that holds `text`, with only this environment over it."""
    path = folder / "my.yaml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path, sets, environment or {})


def findings(
    folder: Path, text: str = "", *sets: str, environment: Mapping[str, str] | None = None
) -> list[tuple[int, str]]:
    """Line and words of each mistake."""
    with pytest.raises(BadFile) as bad:
        read(folder, text, *sets, environment=environment)
    return [(found.line, str(found)) for found in bad.value.findings]


# -- which of them holds -------------------------------------------------------------------------


def test_an_empty_file_gives_every_default(tmp_path: Path) -> None:
    """Only the store is made beside the file."""
    settings, defaults = read(tmp_path), Settings()
    assert settings.store.url == f"sqlite:///{tmp_path}/var/hall.db"
    assert settings.ivr.sounds == tmp_path / "var/sounds"
    same = {"conf", "sessions", "smpp", "http", "limits", "service", "secrets", "retention", "log"}
    assert settings.model_dump(include=same) == defaults.model_dump(include=same)


def test_the_environment_stands_over_the_file_and_set_over_both(tmp_path: Path) -> None:
    """Each overrides only the key that it names."""
    text = "limits: {queries_per_hour: 1, desk: 10, outbox: 100}\n"
    environment = {"HALLGATE_LIMITS__DESK": "20", "HALLGATE_LIMITS__OUTBOX": "200"}
    limits = read(tmp_path, text, "limits.outbox=300", environment=environment).limits
    assert (limits.queries_per_hour, limits.desk, limits.outbox) == (1, 20, 300)


def test_of_two_assignments_the_last_holds(tmp_path: Path) -> None:
    """As on every command line."""
    settings = read(tmp_path, "", "limits.desk=1", "limits.desk=2")
    assert settings.limits.desk == 2


def test_other_variables_of_the_environment_are_not_ours(tmp_path: Path) -> None:
    """Only names that begin with HALLGATE_."""
    environment = {"LIMITS__DESK": "1", "PATH": "/bin", "MY_HALLGATE_LIMITS__DESK": "2"}
    assert read(tmp_path, environment=environment) == read(tmp_path)


def test_without_a_file_all_is_default_and_lies_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`hallgate demo` and containers need none."""
    monkeypatch.chdir(tmp_path)
    settings = read_settings(None, ["http.listen=off"], {})
    assert settings.store.url == f"sqlite:///{tmp_path}/var/hall.db"
    assert settings.conf == OWN_CONF
    assert settings.http.listen == "off"


# -- links, by their place in the list -----------------------------------------------------------


def test_a_link_is_named_by_its_place(tmp_path: Path) -> None:
    """The others stay as the file has them."""
    text = f"{ONE_LINK}      port: 2776\n    - name: smsc-b\n"
    environment = {"HALLGATE_SMPP__LINKS__1__HOST": "smsc.example"}
    links = read(tmp_path, text, "smpp.links.0.window=5", environment=environment).smpp.links
    assert [link.name for link in links] == ["smsc-a", "smsc-b"]
    assert (links[0].port, links[0].window, links[1].host) == (2776, 5, "smsc.example")


def test_a_link_can_be_made_of_the_environment_alone(tmp_path: Path) -> None:
    """The next place of the list is free."""
    environment = {
        "HALLGATE_SMPP__LINKS__0__NAME": "smsc-a",
        "HALLGATE_SMPP__LINKS__0__TLS__CA": "/etc/smsc.pem",
        "HALLGATE_SMPP__LINKS__1__NAME": "smsc-b",
    }
    links = read(tmp_path, environment=environment).smpp.links
    assert [link.name for link in links] == ["smsc-a", "smsc-b"]
    assert links[0].tls is not None
    assert links[0].tls.ca == Path("/etc/smsc.pem")


def test_a_list_can_be_given_as_a_whole(tmp_path: Path) -> None:
    """As YAML would write it."""
    settings = read(tmp_path, ONE_LINK, "smpp.links=[{name: x, port: 1}, {name: y}]")
    assert [(link.name, link.port) for link in settings.smpp.links] == [("x", 1), ("y", 2775)]


def test_a_place_beyond_the_list_is_a_mistake(tmp_path: Path) -> None:
    """Links without a name would be made in between."""
    assert findings(tmp_path, ONE_LINK, "smpp.links.3.port=1") == [
        (0, "--set smpp.links.3.port: there is no '3' there")
    ]


@pytest.mark.parametrize("text", ["limits.desk", "=1", ""])
def test_an_assignment_without_key_or_value_is_none(tmp_path: Path, text: str) -> None:
    """With an example of how it is written."""
    ((_, words),) = findings(tmp_path, "", text)
    assert "is no assignment" in words
    assert "--set KEY=VALUE" in words


@pytest.mark.parametrize("digits", ["12345678", "012345", "0", "1.50"])
def test_a_password_of_digits_stays_as_it_was_given(tmp_path: Path, digits: str) -> None:
    """Quotes would have to pass two shells; a leading nought counts."""
    environment = {
        "HALLGATE_SMPP__LINKS__0__NAME": "smsc-a",
        "HALLGATE_SMPP__LINKS__0__PASSWORD": digits,
    }
    settings = read(tmp_path, "", f"smpp.links.0.system_id={digits}", environment=environment)
    (link,) = settings.smpp.links
    assert link.password == SecretStr(digits)
    assert link.system_id == digits


def test_the_service_number_can_be_set(tmp_path: Path) -> None:
    """10086 is a text of digits, 60 a number, true a yes."""
    sets = ["service.number=10086", "limits.redelivery=60", "log.messages=false"]
    settings = read(tmp_path, "", *sets, "limits.drain=0.5")
    assert settings.service.number == "10086"
    assert (settings.limits.redelivery, settings.limits.drain) == (60, 0.5)
    assert settings.log.messages is False


# -- paths ---------------------------------------------------------------------------------------


def test_paths_of_a_file_are_relative_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the program is started."""
    monkeypatch.chdir("/")
    text = f"{ONE_LINK}      tls: {{ca: ca.pem, key: /k}}\nconf: hall\nstore: {{url: sqlite:///h.db}}\n"
    settings = read(tmp_path, text)
    assert settings.conf == tmp_path / "hall"
    assert settings.store.url == f"sqlite:///{tmp_path}/h.db"
    tls = settings.smpp.links[0].tls
    assert tls is not None
    assert (tls.ca, tls.key) == (tmp_path / "ca.pem", Path("/k"))


def test_paths_from_elsewhere_are_relative_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stand in no file."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    environment = {"HALLGATE_STORE__URL": "sqlite:///h.db"}
    settings = read(tmp_path, "conf: a\n", "conf=b", environment=environment)
    assert settings.store.url == f"sqlite:///{here}/h.db"
    assert settings.conf == here / "b"


def test_an_absolute_store_stays_where_it_is(tmp_path: Path) -> None:
    """And a store on another machine has no folder."""
    assert read(tmp_path, "", "store.url=sqlite:////a/b.db").store.url == "sqlite:////a/b.db"
    url = "postgresql+psycopg://hall:pw@db/hall"
    assert read(tmp_path, "", f"store.url={url}").store.url == url


# -- secrets -------------------------------------------------------------------------------------


def test_a_secret_can_stand_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file only names it."""
    monkeypatch.setenv("SMSC_PASSWORD", "pa:ss")
    settings = read(tmp_path, f"{ONE_LINK}      password: {{env: SMSC_PASSWORD}}\n")
    assert settings.smpp.links[0].password.get_secret_value() == "pa:ss"


def test_a_secret_can_stand_in_a_file_beside(tmp_path: Path) -> None:
    """Without the line's end that editors leave."""
    (tmp_path / "key").write_text("ab" * 32 + "\n")
    settings = read(tmp_path, "secrets: {key: {file: key}}\n")
    assert settings.secrets.key is not None
    assert settings.secrets.key.get_secret_value() == "ab" * 32


def test_any_value_can_stand_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address too, not only a secret."""
    monkeypatch.setenv("WHERE", "10.0.0.1:8086")
    assert read(tmp_path, "http: {listen: {env: WHERE}}\n").http.listen == "10.0.0.1:8086"


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("{env: NOT_THERE}", "the environment has no NOT_THERE"),
        ("{file: not/there}", "not/there cannot be read: No such file or directory"),
        ("{file: .}", "cannot be read: Is a directory"),
    ],
)
def test_a_secret_that_is_not_there_is_told_with_its_line(
    tmp_path: Path, where: str, words: str
) -> None:
    """Not as a password that the SMSC refuses later."""
    ((line, found),) = findings(tmp_path, f"{ONE_LINK}      password: {where}\n")
    assert line == 4
    assert words in found


def test_no_secret_is_in_what_settings_print(tmp_path: Path) -> None:
    """They may end in a log or a traceback."""
    text = f"{ONE_LINK}      password: opensesa\nsecrets: {{key: {'ab' * 32}}}\n"
    printed = repr(read(tmp_path, text))
    assert "opensesa" not in printed
    assert "abab" not in printed


# -- mistakes ------------------------------------------------------------------------------------


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


# -- meanings ------------------------------------------------------------------------------------


def test_a_links_own_statuses(tmp_path: Path) -> None:
    """By name or number."""
    text = f"{ONE_LINK}      statuses: {{ESME_RSYSERR: throttle, '0x0500': fail}}\n"
    (link,) = read(tmp_path, text).smpp.links
    assert link.statuses == {"ESME_RSYSERR": Treatment.THROTTLE, "0x0500": Treatment.FAIL}


def test_a_links_alphabet(tmp_path: Path) -> None:
    """What data_coding 0 means there."""
    assert read(tmp_path, ONE_LINK).smpp.links[0].alphabet is Default.GSM7
    text = f"{ONE_LINK}      alphabet: latin1\n"
    assert read(tmp_path, text).smpp.links[0].alphabet is Default.LATIN1


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


@pytest.mark.parametrize("url", ["boss.example", "ftp://boss/", "http://", "http://b/?x=1"])
def test_an_address_of_a_boss_that_is_none(tmp_path: Path, url: str) -> None:
    ((line, said),) = findings(tmp_path, f"boss:\n  url: {url}\n")
    assert line == 2
    assert "write http://HOST:PORT or https://HOST/PATH" in said


def test_the_commented_link_is_a_link(tmp_path: Path) -> None:
    """Whoever takes the comment signs away has a link with the defaults."""
    example = commented("- name: smsc-a").replace("{env: SMSC_A_PASSWORD}", "secret")
    text = "smpp:\n  links:\n" + example
    (link,) = read(tmp_path, text.replace("{env: SMSC_A_OUTBIND}", "theirs")).smpp.links
    (plain,) = read(tmp_path, ONE_LINK).smpp.links
    assert link.tls is not None
    assert link.outbind is not None
    shown = {"tls", "outbind", "statuses"}
    assert link.model_dump(exclude=shown) == plain.model_dump(exclude=shown)


def test_a_mistake_that_was_given_over_the_file_names_its_giver(tmp_path: Path) -> None:
    """The file says nothing of the kind."""
    over = {"HALLGATE_HTTP__LISTEN": "here"}
    found = findings(tmp_path, "limits: {desk: 10}", "limits.desk=0", environment=over)
    (desk, http) = sorted(text for _, text in found)
    assert desk.startswith("--set limits.desk: 'limits.desk' is too small")
    assert http.startswith("HALLGATE_HTTP__LISTEN: 'http.listen': write HOST:PORT")


# -- an SMSC that calls us -----------------------------------------------------------------------

OUTBIND = f"{ONE_LINK}      host: 10.0.0.5\n      outbind: {{system_id: smsc, "


@pytest.mark.parametrize(
    ("listen", "address"),
    [("2776", "127.0.0.1:2776"), ("':2776'", "127.0.0.1:2776"), ("0.0.0.0:1", "0.0.0.0:1")],
)
def test_a_port_alone_listens_to_this_machine(tmp_path: Path, listen: str, address: str) -> None:
    """Whoever wants to be called from elsewhere says so."""
    outbind = (
        read(tmp_path, f"{OUTBIND}password: theirs, listen: {listen}}}\n").smpp.links[0].outbind
    )
    assert outbind is not None
    assert (outbind.listen, outbind.hosts, outbind.tls) == (address, [], None)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "outbind.password' is missing"),
        ("password: '', ", "it is empty"),
        ("password: ninechars, ", "more than 8 characters"),
        ("password: 密码, ", "characters that SMPP cannot carry"),
        ("password: secret, ", "one that we bind with"),
    ],
)
def test_an_outbind_needs_a_password_of_the_smscs_own(
    tmp_path: Path, password: str, said: str
) -> None:
    """Our bind tells ours to whoever shows it (SMPP 3.4 §4.1.7: eight characters)."""
    found = findings(tmp_path, f"{OUTBIND}{password}listen: 2776}}\n")
    assert all(line in (4, 5) for line, _ in found)
    assert said in found[0][1]


def test_the_password_of_another_link_is_ours_as_well(tmp_path: Path) -> None:
    """Whoever knows it from there could call here."""
    other = "    - {name: smsc-b, password: other}\n"
    ((_, said),) = findings(tmp_path, f"{OUTBIND}password: other, listen: 2776}}\n{other}")
    assert "outbind of smsc-a: its password is one that we bind with" in said


@pytest.mark.parametrize("host", ["10.1.2.3/24", "10.0.0.0/33", "a b", "'*'", "''", "http://x"])
def test_a_host_that_is_none_is_a_mistake(tmp_path: Path, host: str) -> None:
    """An address, a network or a name."""
    text = f"{OUTBIND}password: theirs, listen: 2776, hosts: [10.0.0.5, {host}]}}\n"
    ((line, said),) = findings(tmp_path, text)
    assert line == 5
    assert "outbind.hosts.1" in said


@pytest.mark.parametrize("host", ["10.1.2.0/24", "2001:db8::/32", "smsc.example", "localhost"])
def test_hosts_that_may_call(tmp_path: Path, host: str) -> None:
    """In the words of who runs networks."""
    text = f"{OUTBIND}password: theirs, listen: 2776, hosts: ['{host}']}}\n"
    (link,) = read(tmp_path, text).smpp.links
    assert link.outbind is not None
    assert link.outbind.hosts == [host]


@pytest.mark.parametrize("password", ["ninechars", "密码"])
def test_a_password_that_no_bind_can_carry_is_found(tmp_path: Path, password: str) -> None:
    """SMPP 3.4 §5.2.2; before it is sent in vain."""
    ((line, _),) = findings(tmp_path, f"{ONE_LINK}      password: {password}\n")
    assert line == 4


def test_certificates_are_looked_at_before_the_start(tmp_path: Path) -> None:
    """Each that is missing or something else, with the place that names it."""
    authority = Authority(tmp_path)
    pair, other = authority.vouch_for("smsc.example"), authority.vouch_for("other.example")
    text = f"{OUTBIND}password: theirs, listen: 2776, tls: {{certificate: %s, key: %s}}}}\n"

    def problem(certificate: object, key: object) -> str:
        links = read(tmp_path, text % (certificate, key)).smpp.links
        with pytest.raises(BadFile) as bad:
            certificates.look(links, tmp_path / "my.yaml")
        return str(bad.value)

    certificates.look(read(tmp_path, text % (pair.certificate, pair.key)).smpp.links, None)
    assert "gone.pem cannot be read" in problem("gone.pem", pair.key)
    assert "'smpp.links.0.outbind.tls'" in problem(pair.certificate, other.key)
    assert "my.yaml" in problem(pair.key, pair.key)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("【某】", "【某】", "【某】"),
        ("{zh: 【某】, en: ' (X)'}", "【某】", " (X)"),
        ("{en: ' (X)'}", "【中国移动】", " (X)"),
    ],
)
def test_a_signature_is_one_text_or_one_for_each_language(
    tmp_path: Path, written: str, zh: str, en: str
) -> None:
    """In the file, in the environment and by --set."""
    environment = {"HALLGATE_SERVICE__SIGNATURE": written}
    for settings in (
        read(tmp_path, f"service: {{signature: {written}}}\n"),
        read(tmp_path, environment=environment),
        read(tmp_path, "", f"service.signature={written}"),
    ):
        signature = settings.service.signature.label()
        assert (str(signature), signature.en) == (zh, en)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[China]", 'Write {zh: "[…]", en: "[…]"}'),
        ("{fr: x}", "unknown key 'service.signature.fr'"),
        ("5", "Quote it"),
    ],
)
def test_a_signature_that_is_none_is_told(tmp_path: Path, written: str, told: str) -> None:
    """With its line."""
    ((line, said),) = findings(tmp_path, f"service:\n  signature: {written}\n")
    assert line == 2
    assert told in said
