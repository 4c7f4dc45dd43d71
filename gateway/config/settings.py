"""conf/gateway.yaml as values: what may stand there, what it means, and what it is if it does
not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from gateway.config.sections.boss_settings import BossSettings as BossSettings
from gateway.config.sections.call_back_settings import CallBackSettings
from gateway.config.sections.console_settings import ConsoleSettings
from gateway.config.sections.edition_settings import EditionSettings
from gateway.config.sections.outbind_settings import OURS, OutbindSettings, Password
from gateway.config.sections.retention_settings import RetentionSettings
from gateway.config.sections.setting_types import (
    STRICT,
    Host,
    address_or_off,
    passed_socket,
)
from gateway.config.sections.setting_types import host_port as host_port
from gateway.config.sections.store_settings import SessionSettings, StoreSettings
from gateway.config.unasked.unasked_settings import UnaskedSettings
from ivr.call.agi import NOT_IN_NAMES
from smpp.messages.alphabets import CodingMeaning, DefaultAlphabet, Encoding, LinkCodings
from smpp.statuses import Treatment, status_number
from smpp.ussd.dialects import DIALECTS
from tariffs.bilingual_name import BilingualName

PROJECT = Path(__file__).parents[2]
OWN_CONF = PROJECT / "conf"


def own_or_ours(folder: Path, name: str) -> Path:
    """A conf/ that does not have the file has the project's own."""
    own = folder / name
    return own if own.exists() else OWN_CONF / name


class SettingsSection(BaseModel):
    model_config = STRICT


def _address_or_socket(value: str) -> str:
    return value if passed_socket(value) is not None else address_or_off(value)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone is named '{name}'; write one like Asia/Shanghai") from None
    return name


class TlsSettings(SettingsSection):
    ca: Path | None = None  # default: the machine's own list of authorities
    hostname: str = ""  # default: the link's host
    certificate: Path | None = None  # ours, if the SMSC asks for one
    key: Path | None = None


def _dialect(name: str) -> str:
    if name not in DIALECTS:
        raise ValueError(f"no USSD dialect is named '{name}'; write one of {', '.join(DIALECTS)}")
    return name


Dialect = Annotated[str, AfterValidator(_dialect)]


class LinkSettings(SettingsSection):
    name: str = Field(min_length=1)
    smsc: str = ""  # its group: binds with the same name lead to one SMSC; default: HOST:PORT
    host: Host = "127.0.0.1"
    port: int = Field(default=2775, ge=0, le=65535)
    system_id: str = Field(
        default="hallgate", max_length=15
    )  # SMPP 3.4 §4.1.1: 16 octets with the NUL
    password: Password = SecretStr("secret")
    system_type: str = Field(default="", max_length=12)
    address_range: str = Field(default="", max_length=40)
    bind: Literal["transceiver", "transmitter+receiver"] = "transceiver"
    binds: int = Field(
        default=1, ge=1, le=64
    )  # how many at once, for SMSCs that share their load so
    window: int = Field(default=16, ge=1, le=10_000)
    ussd: Literal["off", "its_session_info", "user_message_reference", "msisdn"] = (
        "its_session_info"
    )
    ussd_dialect: Dialect = "standard"  # whose meaning of USSD operations and names
    trusted: bool = True  # the SMSC vouches for the sender's number
    alphabet: DefaultAlphabet = DefaultAlphabet.GSM7  # what data_coding 0 means there
    # what subscribers' messages under a data_coding are in, where that is not what SMPP says
    encodings: dict[Annotated[int, Field(ge=0, le=255)], Encoding] = {}
    long_messages: Literal["udh8", "udh16", "payload"] = "udh8"
    receipts: Literal["important", "all", "none"] = "important"
    statuses: dict[str, Treatment] = {}  # this SMSC's own meaning of a command_status
    enquire_interval: float = Field(default=30.0, gt=0)  # seconds
    beat: float = Field(default=2.0, ge=0, le=2)  # seconds; 0: never
    response_timeout: float = Field(default=30.0, gt=0)  # seconds
    tls: TlsSettings | None = None
    outbind: OutbindSettings | None = (
        None  # then we connect to send, and it connects to us to deliver
    )

    @property
    def group(self) -> str:
        """The SMSC that it leads to."""
        return self.smsc or f"{self.host}:{self.port}"

    @property
    def meant(self) -> CodingMeaning:
        """How subscribers' messages are read."""
        return LinkCodings(self.alphabet, self.encodings) if self.encodings else self.alphabet

    @field_validator("outbind")
    @classmethod
    def _not_our_own(
        cls, outbind: OutbindSettings | None, info: ValidationInfo
    ) -> OutbindSettings | None:
        if outbind is not None and outbind.password == info.data.get("password"):
            raise ValueError(OURS)
        return outbind

    @field_validator("statuses", mode="before")
    @classmethod
    def _numbered(cls, statuses: object) -> object:
        """YAML takes 0x0500 for a number, and so it may be written."""
        if not isinstance(statuses, dict):
            return statuses
        return {f"{name:#06x}" if type(name) is int else name: t for name, t in statuses.items()}

    @field_validator("statuses")
    @classmethod
    def _named(cls, statuses: dict[str, Treatment]) -> dict[str, Treatment]:
        for name in statuses:
            status_number(name)
        return statuses


class SmppSettings(SettingsSection):
    links: list[LinkSettings] = Field(default=[], max_length=100)

    @field_validator("links")
    @classmethod
    def _distinct(cls, links: list[LinkSettings]) -> list[LinkSettings]:
        _no_name_twice("links", [link.name for link in links])
        ours = {link.password for link in links}
        for link in links:
            if link.outbind is not None and link.outbind.password in ours:
                raise ValueError(f"outbind of {link.name}: {OURS}")
        return links


def _no_name_twice(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two {what} are named '{name}'; give each its own name")


def _playable(folder: Path) -> Path:
    if unplayable := NOT_IN_NAMES.intersection(str(folder)):
        raise ValueError(f"Asterisk takes no {' '.join(sorted(unplayable))} in the name of a sound")
    return folder


Playable = Annotated[Path, AfterValidator(_playable)]


class AsteriskSettings(SettingsSection):
    name: str = Field(min_length=1)
    host: Host = "127.0.0.1"
    port: int = Field(default=5038, ge=0, le=65535)
    username: str = "hallgate"
    secret: SecretStr = SecretStr("secret")
    tls: TlsSettings | None = None
    simulated: bool = False  # nothing is played: what callers would hear is read, without sounds


class IvrSettings(SettingsSection):
    asterisk: list[AsteriskSettings] = Field(default=[], max_length=100)
    sounds: Playable = Path("var/sounds")
    recordings: Playable = Path("var/recordings")  # where Asterisk puts what callers say
    recording_seconds: int = Field(default=120, ge=5, le=1800)  # the longest
    recording_silence: int = Field(default=5, ge=2, le=60)  # seconds that end one
    call_backs: CallBackSettings = CallBackSettings()
    cdr: bool = False  # keys, screens, agent and outcome also as fields of Asterisk's CDR
    make_missing: bool = True  # a sound that is not there is made when a caller is to hear it
    language: Literal["zh", "en"] = "zh"

    @field_validator("asterisk")
    @classmethod
    def _distinct(cls, asterisks: list[AsteriskSettings]) -> list[AsteriskSettings]:
        _no_name_twice("Asterisks", [each.name for each in asterisks])
        return asterisks


class HttpSettings(SettingsSection):
    listen: Annotated[str, AfterValidator(_address_or_socket)] = "127.0.0.1:8086"


class LimitSettings(SettingsSection):
    queries_per_hour: int = Field(default=30, ge=0)
    # messages being served at once; beyond, the SMSC is asked to wait
    desk: int = Field(default=2_000, ge=1)
    # messages held in memory on their way out; the others wait in the store
    outbox: int = Field(default=5_000, ge=2)
    # seconds after which a repeated message counts as a new one
    redelivery: int = Field(default=3_600, ge=0)
    # seconds of a USSD dialogue: until a screen is answered, and in all; less than the network's
    ussd_key: int = Field(default=60, ge=1)
    ussd_dialogue: int = Field(default=180, ge=1)
    # calls of one number in an hour in which nothing is asked for; then they are refused; 0: never
    idle_calls: int = Field(default=50, ge=0)
    call: int = Field(default=900, ge=60)  # seconds of a call in all, talks with people aside
    drain: float = Field(default=20.0, ge=0)  # seconds that SIGTERM leaves for finishing


class SignatureSettings(SettingsSection):
    """Ends every short message, in the language of its text. One text is for all languages."""

    zh: str = "【中国移动】"
    # in GSM-7, so that English messages have room for 160 letters and not for 70
    en: str = " (China Mobile)"

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, given: object) -> object:
        if isinstance(given, list):  # a text in brackets, as the environment is read
            raise ValueError('it must be a text; write {zh: "[…]", en: "[…]"}')
        if not isinstance(given, str | dict | SignatureSettings):
            raise ValueError("it must be a text; quote it")
        return {"zh": given, "en": given} if isinstance(given, str) else given

    def label(self) -> BilingualName:
        return BilingualName(self.zh, self.en)


class ServiceSettings(SettingsSection):
    number: str = Field(default="10086", pattern=r"^\d{3,20}$")
    confirm_port: str = Field(
        default="1008601", pattern=r"^\d{3,20}$"
    )  # a 是 may be said as Y or 1 here
    ussd_code: str = Field(default="*139#", pattern=r"^\*[0-9*]+#$")
    signature: SignatureSettings = SignatureSettings()
    link_base: Annotated[str, Field(pattern=r"^https?://[!-~]+/$")] = "https://10086.example/x/"
    # where the records come from that these links open; off: the command says that it has none
    records: Literal["off", "store", "boss"] = "off"
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"

    @property
    def zone(self) -> ZoneInfo:
        """The operator's."""
        return ZoneInfo(self.timezone)


_KEY = re.compile(r"(?:[0-9A-Fa-f]{2}){32,}")


class SecretSettings(SettingsSection):
    key: SecretStr | None = None  # the hall's key, 64 hex digits; default: a file beside the store

    @field_validator("key")
    @classmethod
    def _a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not _KEY.fullmatch(key.get_secret_value()):
            raise ValueError("it must be 64 hex digits or more; make one with openssl rand -hex 32")
        return key


class MenuSettings(SettingsSection):
    # the share of walks whose keys are kept, masked, for `hallgate menus diff`
    recorded: float = Field(default=0.05, ge=0, le=1)


class ReminderSettings(SettingsSection):
    # seconds between looks at what has changed (conf/reminders.yaml); 0: nobody is reminded
    every: float = Field(default=2.0, ge=0, le=3600)


class LogSettings(SettingsSection):
    messages: bool = True  # a line for each message, besides those for what happens to the gateway
    level: Literal["info", "warning", "error"] = "info"  # what is less grave is not written
    format: Literal["json", "console", "ecs"] = "json"


class Settings(SettingsSection):
    conf: Path = OWN_CONF
    store: StoreSettings = StoreSettings()
    sessions: SessionSettings = SessionSettings()
    smpp: SmppSettings = SmppSettings()
    ivr: IvrSettings = IvrSettings()
    http: HttpSettings = HttpSettings()
    console: ConsoleSettings = ConsoleSettings()
    limits: LimitSettings = LimitSettings()
    service: ServiceSettings = ServiceSettings()
    unasked: UnaskedSettings = UnaskedSettings()
    # None: what is ordered is made in our own store alone
    boss: BossSettings | None = Field(default=None, validate_default=True)
    secrets: SecretSettings = SecretSettings()
    retention: RetentionSettings = RetentionSettings()
    menus: MenuSettings = MenuSettings()
    editions: EditionSettings = EditionSettings()
    reminders: ReminderSettings = ReminderSettings()
    log: LogSettings = LogSettings()

    @field_validator("boss")
    @classmethod
    def _has_records(cls, boss: BossSettings | None, info: ValidationInfo) -> BossSettings | None:
        service = info.data.get("service")
        if boss is None and service is not None and service.records == "boss":
            raise ValueError("service.records is boss; write boss: {url: …} as well")
        return boss

    @field_validator("console")
    @classmethod
    def _apart(cls, console: ConsoleSettings, info: ValidationInfo) -> ConsoleSettings:
        http: HttpSettings | None = info.data.get("http")
        here = console.listen
        if http is not None and here == http.listen and not here.endswith(":0"):
            raise ValueError(f"http and console both listen at {here}; give each a port of its own")
        return console
