"""What the menus may lean on: the register's commands, the catalogue's codes, the longest words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from commands.auth.proof import PROOFS
from commands.model.accounts import NumberState
from commands.model.command_register import CommandCode, CommandRegister
from commands.model.request import SELF_SERVICE, AuthLevel, CommandSpec, ConfirmRule, Reply
from commands.reply_facts.all_replies import EXAMPLES
from gateway.config.business import BusinessConfiguration
from gateway.wording.tariff_references import all_references, value_of
from gateway.wording.words import Wording
from menus.model.book import CommandEnding
from menus.model.surroundings import BookSurroundings, LongestWords, MenuCommand
from menus.model.text_size import on_ussd
from menus.model.wording import LANGUAGES, MenuChannel
from tariffs.bilingual_name import in_language
from tariffs.catalogue import Catalogue

_OWES: Final = {
    "zh": "您已欠费12345.67元,请及时充值。",
    "en": "You owe 12345.67 yuan, please recharge soon. ",
}
STATES: Final = frozenset(state.value for state in NumberState)
_ASKING_TEXTS: Final = ("confirm", "conflict", "read_back")  # in ids of texts that ask for a yes
_PROOFS: Final = {
    CommandEnding.PASSWORD: ("auth.ask_pw", "auth.not_realname", "auth.pw_wrong"),
    CommandEnding.CODE: ("auth.ask_otp",),
    CommandEnding.LOCKED: ("auth.pw_locked", "rc.err.tries"),
}


def world_of(conf: BusinessConfiguration, signature: str) -> BookSurroundings:
    """For the linter."""
    catalogue, register = conf.catalogue, conf.register
    commands = {action: _command(spec, register, conf) for action, spec in register.specs.items()}
    for word, code in register.codes.items():
        commands[word] = replace(commands[code.spec.action], needs=_enough(code, fixed=True))
    codes = frozenset(catalogue.services) | frozenset(catalogue.plans)
    return BookSurroundings(
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
        groups=frozenset(one.code for one in register.settings.classes.known),
        regions=frozenset(map(str, conf.regions.by_prefix.values())),
        campuses=frozenset(map(str, conf.regions.campuses.values())),
        day_kind=conf.holidays.of,
        codes=frozenset(register.codes),
        numbers=frozenset(conf.numbers.value.numbers if conf.numbers else ()),
        fees=conf.prices.fees,
        coming=conf.prices.coming,
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
    yield "balance", [_OWES[language]]
    yield "arrears", [_OWES[language]]
    for reference in all_references(catalogue):
        yield reference, _values(reference, catalogue, language)


def _values(reference: str, catalogue: Catalogue, language: str) -> list[str]:
    """All that may stand for it: for any brand, now and later, at any service number."""
    held, brands = catalogue.everywhere, ["", *catalogue.brands]
    found = (value_of(reference, each, language, brand) for each in held for brand in brands)
    return [value for value in dict.fromkeys(found) if value is not None]


def _command(
    spec: CommandSpec, register: CommandRegister, conf: BusinessConfiguration
) -> MenuCommand:
    args = set(spec.steps) | {"subject"}
    needs: frozenset[frozenset[str]] = frozenset()
    for code in register.firsts[spec.action]:
        args |= set(code.fixed)
        args |= {n for form in code.forms for parameter in form for n in parameter.names}
        needs |= _enough(code)
    endings = frozenset(_endings(spec, register))
    return MenuCommand(
        channels=frozenset(MenuChannel(way.value) for way in spec.channels if way in SELF_SERVICE),
        args=frozenset(args),
        needs=needs,
        endings=endings,
        says={ending: _said(spec, ending, conf.words) for ending in endings},
    )


def _enough(code: CommandCode, *, fixed: bool = False) -> frozenset[frozenset[str]]:
    """The parameters that must be given; `fixed` ones are by the code. Proofs are asked for."""
    given = frozenset() if fixed else frozenset(code.fixed)
    forms = (frozenset(n for parameter in form for n in parameter.names) for form in code.forms)
    return frozenset((form | given).difference(PROOFS) for form in forms)


def _endings(spec: CommandSpec, register: CommandRegister) -> Iterator[CommandEnding]:
    yield from (CommandEnding.OK, CommandEnding.REFUSED, CommandEnding.LATE)
    ways = spec.channels.intersection(SELF_SERVICE)
    levels = {register.rights.get((spec.operation, way), AuthLevel.A0) for way in ways}
    if spec.operation in register.settings.classes.raised:
        proofs = (one.proof.get(spec.operation, 0) for one in register.settings.classes.known)
        levels |= set(map(AuthLevel, proofs))
    if levels - {AuthLevel.A0}:  # a number that is not real-named needs its password
        yield from (CommandEnding.PASSWORD, CommandEnding.LOCKED)
    elif f"{spec.action.split('.', 1)[0]}.err.tries" in EXAMPLES:  # counts tries of its own
        yield CommandEnding.LOCKED
    if AuthLevel.A3 in levels:
        yield CommandEnding.CODE
    if spec.confirm is not ConfirmRule.NONE:
        yield CommandEnding.CONFIRM
    if spec.steps:
        yield CommandEnding.INPUT
    if spec.reads_only:
        yield CommandEnding.LIST


def _said(spec: CommandSpec, ending: CommandEnding, words: Wording) -> LongestWords:
    family = _family(spec.action.split(".", 1)[0])
    texts = [
        name
        for name in _PROOFS.get(ending, family)
        if name in EXAMPLES and _ends(name, spec, ending)
    ]
    return {
        (MenuChannel(way.value), language): tuple(
            words.say((Reply(name, EXAMPLES[name]),), way, language) for name in texts
        )
        for way in SELF_SERVICE
        for language in LANGUAGES
    }


@lru_cache
def _family(name: str) -> tuple[str, ...]:
    """The texts whose ids begin so."""
    return tuple(text for text in EXAMPLES if text.split(".", 1)[0] == name)


def _ends(text: str, spec: CommandSpec, ending: CommandEnding) -> bool:
    """Whether a command may end so with this text: its id begins like the action's."""
    if ending in _PROOFS:
        return text in _PROOFS[ending]
    family = spec.action.split(".", 1)[0]
    own = text == spec.action or text.startswith(f"{spec.action}.")
    asks = any(word in text for word in _ASKING_TEXTS)
    match ending:
        case CommandEnding.CONFIRM:
            return asks and (own or text in {f"{family}.{word}" for word in _ASKING_TEXTS})
        case CommandEnding.OK | CommandEnding.LIST:
            return not asks and (own or text == f"{family}.ok")
        case _:
            return False
