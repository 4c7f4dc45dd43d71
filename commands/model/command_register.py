"""The register of commands: codes, parameters, rights and limits, as conf/commands.yaml has them.

Parameters that the dispatcher knows by name: `subject` (the number a request is about) and the
proofs `password` and `old`. All others belong to the command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from commands.model.interfaces import InterfaceRegistry
from commands.model.parameters import ParameterForm, ParameterKind
from commands.model.request import NOTHING, Arguments, AuthLevel, Channel, CommandSpec
from commands.model.settings import HallSettings
from commands.sentences.meaning import SentenceReader


@dataclass(frozen=True, slots=True)
class CommandCode:
    """A word that a subscriber may send, and what it stands for."""

    word: str
    spec: CommandSpec
    forms: tuple[ParameterForm, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)  # KTEDU40 stands for service EDU40
    others: tuple[CommandCode, ...] = ()  # what the same word means with other parameters

    @property
    def readings(self) -> tuple[CommandCode, ...]:
        return (self, *self.others)


@dataclass(frozen=True, slots=True)
class WordLexicon:
    """Other ways to write a command in one word, for those who do not know its code. In upper
    case."""

    sounds: Mapping[str, CommandCode] = field(default_factory=dict)  # pinyin: YUE is 余额
    likely: tuple[tuple[str, CommandCode], ...] = ()  # what a misspelt word is held against


@dataclass(frozen=True, slots=True)
class SubPort:
    """Digits after the service number that give a message its context: what is sent there is read
    as parameters of one command, and words mean there what they stand for."""

    reads: CommandCode | None = None
    words: Mapping[str, str] = field(default_factory=dict)  # TD: TDPF
    help: str = "help.format"  # the text for what does not fit


@dataclass(frozen=True, slots=True)
class CommandRegister:
    specs: Mapping[str, CommandSpec]  # by action
    codes: Mapping[str, CommandCode]  # by word, in upper case
    firsts: Mapping[
        str, tuple[CommandCode, ...]
    ]  # by action: the codes that are told to subscribers
    parameters: Mapping[str, ParameterKind]  # by name
    rights: Mapping[tuple[str, str], AuthLevel]  # by operation and column
    interfaces: Mapping[Channel, str]  # 接口编号 of self service
    settings: HallSettings
    lexicon: WordLexicon = field(default_factory=WordLexicon)
    ports: Mapping[str, SubPort] = field(default_factory=dict)  # by their digits
    registry: InterfaceRegistry = field(default_factory=dict)
    # kinds of parameters that mean a command even without its code, and their names there
    alone: tuple[tuple[ParameterKind, str, CommandCode], ...] = ()
    plain: SentenceReader | None = (
        None  # understands sentences; without it only codes and keywords are
    )

    def meant_by(self, code: str) -> str:
        """What a code that orders something orders: KTLL30 is LL30. Others are what they are."""
        found = self.codes.get(code)
        if found is None:
            return code
        return found.fixed.get("service") or found.fixed.get("plan") or code

    def named(self, args: Arguments) -> Arguments:
        """With what a code orders in its place, where a service's or a plan's code is asked for."""
        asked = [n for n in args if self.parameters.get(n) is ParameterKind.CODE]
        return {**args, **{n: self.meant_by(str(args[n])) for n in asked}} if asked else args

    def port_of(self, action: str) -> str:
        """The sub-port where messages are read for this action; empty if there is none."""
        ports = self.ports.items()
        return next((p for p, port in ports if port.reads and port.reads.spec.action == action), "")

    def spec(self, action: str, args: Arguments = NOTHING) -> CommandSpec:
        """With the order's parameters, under the name of what was ordered."""
        if args:
            for code in self.firsts[action]:
                if code.fixed and code.fixed.items() <= args.items():
                    return code.spec
        return self.specs[action]

    def code_of(self, spec: CommandSpec) -> str:
        """The code to send for it."""
        codes = self.firsts[spec.action]
        return next((code.word for code in codes if code.spec.name == spec.name), codes[0].word)

    def column(self, channel: Channel, interface: str) -> str:
        """Of the table of rights: a channel of self service, or the kind of another interface."""
        return self.registry[interface].kind if channel is Channel.DOOR else channel.value

    def offers(self, spec: CommandSpec, channel: Channel, interface: str) -> bool:
        """Whether a command can be had there at all."""
        there = (spec.operation, self.column(channel, interface)) in self.rights
        return channel in spec.channels and there

    def level(self, operation: str, column: str) -> AuthLevel:
        """R9, for one's own real-named number; `required_level` may raise it for others."""
        return self.rights[operation, column]
