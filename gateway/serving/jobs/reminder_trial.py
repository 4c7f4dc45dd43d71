"""Trying a reminder: the words that a subscriber would read, now or if there were an occasion."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, Protocol

from commands.model.request import Channel, Reply
from commands.reminders import noticing
from commands.reminders.model import ReminderKind, ReminderRules, SubscriberNow
from commands.reminders.wishes import wanted
from commands.reply_facts.all_replies import EXAMPLES
from gateway.model.unasked import UnaskedMessage
from gateway.serving.jobs.reminding import SOURCE
from gateway.store.connection import Connection
from gateway.store.reminders.subscribers import read_subscribers, read_usual_bills
from gateway.store.reminders.told import TOLD, NewReminder, SqlReminders
from gateway.store.store import Store
from gateway.store.unasked import SqlUnasked
from gateway.wording.words import Wording
from smpp.messages.segmentation import text_length
from tariffs.catalogue import Catalogue


class SpeaksUnasked(Protocol):
    """What it needs of conf/."""

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def reminders(self) -> ReminderRules: ...

    @property
    def words(self) -> Wording: ...


class Trial(NamedTuple):
    msisdn: str
    kind: ReminderKind
    tongue: str
    words: str
    example: str  # the same with figures that are nobody's
    parts: int  # short messages
    real: bool  # there is an occasion at this moment; else the figures are examples
    wanted: bool  # whether this subscriber gets such reminders
    urgent: bool
    polite_at: int  # when it may leave


def try_reminder(
    connection: Connection,
    conf: SpeaksUnasked,
    msisdn: str,
    kind: ReminderKind,
    now: int,
) -> Trial | None:
    """None: the number is nobody's here. Nothing is kept."""
    found = read_subscribers(connection, [msisdn], now, conf.catalogue).get(msisdn)
    if found is None:
        return None
    usual = read_usual_bills(connection, [found.account], now, conf.catalogue)
    found = replace(found, usual_fen=usual.get(msisdn, 0))
    rule = conf.reminders.of(kind)
    text, facts, real = _said(kind, found, conf, now)
    tongue = found.account.language
    words, example = (
        conf.words.say((Reply(text, told),), Channel.SMS, tongue)
        for told in (facts, EXAMPLES[text])
    )
    hours, zone = conf.reminders.hours, conf.catalogue.zone
    polite = now if rule.urgent else hours.next(now, conf.reminders.days, zone)
    may, parts = wanted(kind, rule, found), text_length(words).parts
    return Trial(msisdn, kind, tongue, words, example, parts, real, may, rule.urgent, polite)


def _said(
    kind: ReminderKind, found: SubscriberNow, conf: SpeaksUnasked, now: int
) -> tuple[str, dict[str, object], bool]:
    for reminder in noticing.of_now(found, conf.reminders, now, conf.catalogue):
        if reminder.kind is kind:
            return reminder.text, dict(reminder.facts), True
    text = f"rm.{kind.value}"
    return text, {**EXAMPLES[text], "balance": found.account.balance_fen}, False


class NoOccasion(Exception):
    """Nobody is sent figures that are not theirs."""


def send_trial(connection: Connection, store: Store, trial: Trial, now: int) -> bool:
    """Into the queue of what nobody asked for; False: the number was told the like within a day.
    Raises NoOccasion."""
    if not trial.real:
        raise NoOccasion("there is no occasion now, and example figures are sent to nobody")
    meaning = trial.kind.value.replace("_", " ")
    message = UnaskedMessage(
        trial.msisdn, trial.words, trial.tongue, f"trial {meaning}", SOURCE, trial.polite_at,
        trial.urgent,
    )  # fmt: skip
    kept = bool(SqlUnasked(connection, store.seal).add([message]))
    if kept:
        key, about = f"trial {now}", message.meaning
        noted = NewReminder(trial.msisdn, trial.kind, key, about, "try", TOLD, False, now)
        SqlReminders(connection).add([noted])
    return kept
