"""Where settings come from, and which of several holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway.config.settings import OWN_CONF, PROJECT, Settings
from gateway.config.sources import read_settings
from tests.gateway.config.settings_files import ONE_LINK, findings, read

# -- which of them holds --------------------------------------------------------------------------


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


def test_without_a_file_all_is_default_and_lies_in_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`hallgate demo` and containers need none; where one stands makes no difference."""
    monkeypatch.chdir(tmp_path)
    settings = read_settings(None, ["http.listen=off"], {})
    assert settings.store.url == f"sqlite:///{PROJECT}/var/hall.db"
    assert settings.conf == OWN_CONF
    assert settings.http.listen == "off"


# -- links, by their place in the list ------------------------------------------------------------


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


# -- paths ----------------------------------------------------------------------------------------


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


def test_paths_from_elsewhere_are_relative_to_the_file_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody opens another store because of the folder that they stand in."""
    monkeypatch.chdir("/")
    environment = {"HALLGATE_STORE__URL": "sqlite:///h.db", "HALLGATE_CONFIG": "x.yaml"}
    settings = read(tmp_path, "conf: a\n", "conf=b", environment=environment)
    assert settings.store.url == f"sqlite:///{tmp_path}/h.db"
    assert settings.conf == tmp_path / "b"


def test_an_absolute_store_stays_where_it_is(tmp_path: Path) -> None:
    """And a store on another machine has no folder."""
    assert read(tmp_path, "", "store.url=sqlite:////a/b.db").store.url == "sqlite:////a/b.db"
    url = "postgresql+psycopg://hall:pw@db/hall"
    assert read(tmp_path, "", f"store.url={url}").store.url == url


# -- secrets --------------------------------------------------------------------------------------


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
