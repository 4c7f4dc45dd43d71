"""English leaves in GSM-7, 160 letters a short message: one sign outside it would leave 70."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from commands.model.request import Channel, Reply
from commands.reply_facts.all_replies import EXAMPLES
from gateway.config.settings import Settings
from gateway.store.store import Store
from smpp.messages.segmentation import Alphabet, text_length
from tariffs.bilingual_name import BilingualName
from tests.commands.fakes import OWN_CONF, SIGNATURE, own_conf
from tests.gateway.hall import Office
from tests.gateway.messages import ZHANG


def outside(text: str) -> set[str]:
    """The signs of a text that GSM-7 has not."""
    return {sign for sign in text if text_length(sign).alphabet is not Alphabet.GSM7}


def chinese(fact: object) -> str:
    """What of the facts is in Chinese only: a street, a group's name, words of the subscriber."""
    match fact:
        case BilingualName():
            return ""
        case str():
            return fact
        case Mapping():
            return "".join(map(chinese, fact.values()))
        case Iterable():
            return "".join(map(chinese, fact))
        case _ if is_dataclass(fact):
            return "".join(chinese(getattr(fact, part.name)) for part in fields(fact))
        case _:
            return ""


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_english_reply_is_written_in_it(name: str) -> None:
    """But for names that have no English."""
    facts = EXAMPLES[name]
    for channel in (Channel.SMS, Channel.USSD):
        said = own_conf().words.say((Reply(name, facts),), channel, "en")
        assert outside(said) <= set(chinese(facts)), said
        assert said.endswith(SIGNATURE.en) == (channel is Channel.SMS)


def english(found: object, key: object = "") -> Iterator[str]:
    """All texts under `en`, however deep."""
    match found:
        case str() if key == "en":
            yield found
        case Mapping():
            for name, value in found.items():
                if name == "voice":  # is said
                    continue
                yield from english(value, key if key == "en" else name)
        case list():
            for value in found:
                yield from english(value, key)


FILES = [
    path for path in sorted(OWN_CONF.rglob("*.yaml")) if path.parent.name not in ("zh", "sample")
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(OWN_CONF)))
def test_every_english_name_and_menu_is_written_in_it(path: Path) -> None:
    """Names of plans, labels of options, offers, and what a form is called."""
    for text in english(YAML(typ="safe", pure=True).load(path)):
        assert not outside(text) or text.startswith("For English"), text  # asked in both, aloud


def test_there_are_such_names() -> None:
    """Else the test above reads nothing."""
    read = [len(list(english(YAML(typ="safe", pure=True).load(path)))) for path in FILES]
    assert sum(read) > 300


def test_the_shipped_signature_is_written_in_it() -> None:
    signature = Settings().service.signature
    assert signature.label() == SIGNATURE
    assert signature.label().en == SIGNATURE.en
    assert not outside(signature.en)


@pytest.mark.parametrize("text", ["YE", "CXHF", "CXLL", "CXTC", "CD", "TJ", "asdfgh", "2010"])
def test_what_an_english_subscriber_reads_takes_no_more_than_two_messages(
    sqlite_store: Store, text: str
) -> None:
    """From the store to the outbox."""
    office = Office(sqlite_store)
    office.hears("EN")
    said = office.hears(text)
    assert text_length(said).alphabet is Alphabet.GSM7
    assert text_length(said).parts <= 2
    assert said.endswith(SIGNATURE.en)
    office.hears("ZH")
    assert office.hears(text, ZHANG).endswith(str(SIGNATURE))
