"""What the menus may lean on: the register's commands, the catalogue's codes, the longest words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from commands.ports import State
from commands.proof import PROOFS
from commands.register import Code, Register
from commands.texts import EXAMPLES
from commands.vocabulary import Channel as Way
from commands.vocabulary import Confirm, Level, Reply, Spec
from gateway.conf import Conf
from gateway.wording import Words
from menus.book import Ending
from menus.units import on_ussd
from menus.wording import LANGUAGES, Channel
from menus.world import Command, World
from menus.world import Words as Longest
from tariffs.catalogue import Catalogue
from tariffs.label import in_language

STATES: Final = frozenset(state.value for state in State)
GROUPS: Final = frozenset({"red", "black", "vip"})
_ASKING_TEXTS: Final = ("confirm", "conflict", "read_back")  # in ids of texts that ask for a yes
_PROOFS: Final = {
    Ending.PASSWORD: ("auth.ask_pw", "auth.not_realname", "auth.pw_wrong"),
    Ending.CODE: ("auth.ask_otp",),
    Ending.LOCKED: ("auth.pw_locked", "rc.err.tries"),
}


def world_of(conf: Conf, signature: str) -> World:
    """For the linter."""
    catalogue, register = conf.catalogue, conf.register
    commands = {action: _command(spec, register, conf) for action, spec in register.specs.items()}
    for word, code in register.codes.items():
        commands[word] = replace(commands[code.spec.action], needs=_enough(code, fixed=True))
    codes = frozenset(catalogue.services) | frozenset(catalogue.plans)
    return World(
        commands=commands,
        facts={language: longest_facts(catalogue, language) for language in LANGUAGES},
        wide={language: widest_facts(catalogue, language) for language in LANGUAGES},
        values={
            "service": frozenset(catalogue.services),
            "plan": frozenset(catalogue.plans),
            "group": frozenset(s.group for s in catalogue.services.values() if s.group),
            "code": codes,
            "tariff": codes | frozenset(catalogue.campaigns),
        },
        brands=frozenset(catalogue.brands),
        states=STATES,
        groups=GROUPS,
        codes=frozenset(register.codes),
        fees=conf.prices.fees,
        signatures={language: in_language(signature, language) for language in LANGUAGES},
    )


def longest_facts(catalogue: Catalogue, language: str) -> dict[str, str]:
    """What screens may say about a caller, at its longest."""
    return {name: max(each, key=len, default="") for name, each in _facts(catalogue, language)}


def widest_facts(catalogue: Catalogue, language: str) -> dict[str, str]:
    """The same of those only that GSM-7 cannot write, for the others leave more room."""
    found = longest_facts(catalogue, language)
    for name, each in _facts(catalogue, language):
        wide = [value for value in each if not on_ussd(value).gsm7]
        found |= {name: max(wide, key=len)} if wide else {}
    return found


def _facts(catalogue: Catalogue, language: str) -> Iterator[tuple[str, list[str]]]:
    yield "brand", [in_language(brand.name, language) for brand in catalogue.brands.values()]
    yield "points", [in_language(brand.points, language) for brand in catalogue.brands.values()]
    yield "plan", [in_language(plan.name, language) for plan in catalogue.plans.values()]
    yield "phone", ["138****8001"]


def _command(spec: Spec, register: Register, conf: Conf) -> Command:
    args = set(spec.steps) | {"subject"}
    needs: frozenset[frozenset[str]] = frozenset()
    for code in register.firsts[spec.action]:
        args |= set(code.fixed)
        args |= {n for form in code.forms for parameter in form for n in parameter.names}
        needs |= _enough(code)
    endings = frozenset(_endings(spec, register))
    return Command(
        channels=frozenset(Channel(way.value) for way in spec.channels),
        args=frozenset(args),
        needs=needs,
        endings=endings,
        says={ending: _said(spec, ending, conf.words) for ending in endings},
    )


def _enough(code: Code, *, fixed: bool = False) -> frozenset[frozenset[str]]:
    """The parameters that must be given; `fixed` ones are by the code. Proofs are asked for."""
    given = frozenset() if fixed else frozenset(code.fixed)
    forms = (frozenset(n for parameter in form for n in parameter.names) for form in code.forms)
    return frozenset((form | given).difference(PROOFS) for form in forms)


def _endings(spec: Spec, register: Register) -> Iterator[Ending]:
    yield from (Ending.OK, Ending.REFUSED, Ending.LATE)
    levels = {register.rights.get((spec.operation, way), Level.A0) for way in spec.channels}
    if levels - {Level.A0}:  # a number that is not real-named needs its password
        yield from (Ending.PASSWORD, Ending.LOCKED)
    elif f"{spec.action.split('.', 1)[0]}.err.tries" in EXAMPLES:  # counts tries of its own
        yield Ending.LOCKED
    if Level.A3 in levels:
        yield Ending.CODE
    if spec.confirm is not Confirm.NONE:
        yield Ending.CONFIRM
    if spec.steps:
        yield Ending.INPUT
    if spec.reads_only:
        yield Ending.LIST


def _said(spec: Spec, ending: Ending, words: Words) -> Longest:
    family = _family(spec.action.split(".", 1)[0])
    texts = [
        name
        for name in _PROOFS.get(ending, family)
        if name in EXAMPLES and _ends(name, spec, ending)
    ]
    return {
        (Channel(way.value), language): tuple(
            words.say((Reply(name, EXAMPLES[name]),), way, language) for name in texts
        )
        for way in Way
        for language in LANGUAGES
    }


@lru_cache
def _family(name: str) -> tuple[str, ...]:
    """The texts whose ids begin so."""
    return tuple(text for text in EXAMPLES if text.split(".", 1)[0] == name)


def _ends(text: str, spec: Spec, ending: Ending) -> bool:
    """Whether a command may end so with this text: its id begins like the action's."""
    if ending in _PROOFS:
        return text in _PROOFS[ending]
    family = spec.action.split(".", 1)[0]
    own = text == spec.action or text.startswith(f"{spec.action}.")
    asks = any(word in text for word in _ASKING_TEXTS)
    match ending:
        case Ending.CONFIRM:
            return asks and (own or text in {f"{family}.{word}" for word in _ASKING_TEXTS})
        case Ending.OK | Ending.LIST:
            return not asks and (own or text == f"{family}.ok")
        case _:
            return False
