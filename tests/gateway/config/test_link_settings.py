"""An SMSC that calls us, certificates, and signatures."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config.checked_yaml import BadFile
from gateway.config.doubts.setting_doubts import setting_doubts
from gateway.security import tls_certificates
from tests.gateway.config.settings_files import ONE_LINK, findings, read
from tests.smpp.certificates import Authority

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
        settings = read(tmp_path, text % (certificate, key))
        with pytest.raises(BadFile) as bad:
            tls_certificates.look(settings, tmp_path / "my.yaml")
        return str(bad.value)

    tls_certificates.look(read(tmp_path, text % (pair.certificate, pair.key)), None)
    assert "gone.pem cannot be read" in problem("gone.pem", pair.key)
    assert "'smpp.links.0.outbind.tls'" in problem(pair.certificate, other.key)
    assert "my.yaml" in problem(pair.key, pair.key)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("ivr: {asterisk: [{name: a, tls: {ca: gone.pem}}]}", "ivr.asterisk.0.tls"),
        ("boss: {url: https://boss.example, ca: gone.pem}", "boss.ca"),
        (
            "console: {oidc: {issuer: https://login.example, client_id: x, ca: gone.pem}}",
            "console.oidc.ca",
        ),
    ],
)
def test_so_are_those_of_everybody_else(tmp_path: Path, written: str, place: str) -> None:
    with pytest.raises(BadFile, match=rf"'{place}': .*gone.pem cannot be read"):
        tls_certificates.look(read(tmp_path, written), None)


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


@pytest.mark.parametrize(
    ("lines", "group"),
    [
        ("", "127.0.0.1:2775"),
        ("      host: east\n      port: 1\n", "east:1"),
        ("      smsc: east\n", "east"),
    ],
)
def test_links_to_one_smsc_are_a_group(tmp_path: Path, lines: str, group: str) -> None:
    """By its address, or by the name that is given to it: an SMSC may have several addresses."""
    assert read(tmp_path, f"{ONE_LINK}{lines}").smpp.links[0].group == group


@pytest.mark.parametrize("pattern", ["", "10086", "^1008[67]$", "*139#", "^10086[[:digit:]]*$"])
def test_a_range_of_addresses_is_a_regular_expression(tmp_path: Path, pattern: str) -> None:
    """SMPP 3.4 §5.2.7."""
    settings = read(tmp_path, f"{ONE_LINK}      address_range: '{pattern}'\n")
    assert list(setting_doubts(settings)) == []


@pytest.mark.parametrize("pattern", ["10086 10087", "[10086", "1008(6", "营业厅", "1{99999999999}"])
def test_what_is_no_pattern_is_a_doubtful_range(tmp_path: Path, pattern: str) -> None:
    """There are SMSCs that do not look at it."""
    settings = read(tmp_path, f"{ONE_LINK}      address_range: '{pattern}'\n")
    (found,) = setting_doubts(settings)
    assert found.place == ("smpp", "links", 0, "address_range")
    assert found.what == f"'{pattern}' is no pattern of addresses"
