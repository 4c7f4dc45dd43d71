"""What can be sent, what it does, and what must be proven for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from commands.marketing.offers import Recommendation, Recommendations
from commands.model.command_register import CommandCode, CommandRegister
from gateway.editions.differences.conf_change import ConfChange, by_field, plain
from tariffs.catalogue import SHANGHAI

_COMMANDS = "commands"


def command_changes(
    old: CommandRegister, new: CommandRegister, zone: tzinfo = SHANGHAI
) -> Iterator[ConfChange]:
    """`zone`: by whose clock moments are told."""
    for word in dict.fromkeys([*old.codes, *new.codes]):
        was, now = old.codes.get(word), new.codes.get(word)
        did, does_now = does(was) if was else "", does(now) if now else ""
        if did != does_now:
            yield ConfChange(_COMMANDS, word, did, does_now)
    for action in old.specs.keys() & new.specs.keys():
        one, other = old.specs[action], new.specs[action]
        if one != other:
            yield from by_field(_COMMANDS, f"{other.name} ({action})", one, other)
    for operation, column in dict.fromkeys([*old.rights, *new.rights]):
        levels = [each.rights.get((operation, column)) for each in (old, new)]
        if levels[0] != levels[1]:
            told = [
                f"needs {level.name}" if level is not None else "cannot be had" for level in levels
            ]
            yield ConfChange(_COMMANDS, f"{operation} on {column}", told[0], told[1])
    yield from by_field("rules", "rules", old.settings, new.settings, zone=zone)


def does(code: CommandCode) -> str:
    """What a word does."""
    fixed = f" with {plain(code.fixed)}" if code.fixed else ""
    return f"{code.spec.name} ({code.spec.action}){fixed}"


def offer_changes(
    old: Recommendations, new: Recommendations, zone: tzinfo = SHANGHAI
) -> Iterator[ConfChange]:
    were, are = ({_named(one): one for one in each.offers} for each in (old, new))
    for name in dict.fromkeys([*were, *are]):
        was, now = were.get(name), are.get(name)
        one = now or was
        if was == now or one is None:
            continue
        if was is None or now is None:
            told = [str(each.pitch) if each else "" for each in (was, now)]
            yield ConfChange("offers", name, told[0], told[1], one.brands)
        else:
            yield from by_field("offers", name, was, now, now.brands, zone=zone)
    yield from by_field("offers", "offers", old, new, left_out=("offers", "beside"))


def _named(offer: Recommendation) -> str:
    return f"{offer.code} beside {plain(offer.after)}"
