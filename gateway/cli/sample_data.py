"""`hallgate db sample`: what is asked for, from conf/sample and by rule, into the configured
store."""

from __future__ import annotations

import time
from dataclasses import dataclass

from gateway.config import business
from gateway.config.roles import read_roles
from gateway.config.sample import people as sample_people
from gateway.config.sample.operators import SampleOperator
from gateway.config.sample.operators import load as load_operators
from gateway.config.settings import Settings
from gateway.operators.sample_interfaces import load as load_interfaces
from gateway.store.opening import prepared_store
from gateway.store.sample.detailed_records import put_detailed_records
from gateway.store.sample.figures import put_figures
from gateway.store.sample.interfaces import has_interfaces, put_interfaces
from gateway.store.sample.invitations import put_invitations
from gateway.store.sample.lists import put_partner_list
from gateway.store.sample.notices import put_notices
from gateway.store.sample.operators import has_operators, put_operators
from gateway.store.sample.people import has_subscribers, put_cards, put_personas
from gateway.store.sample.reminders import put_reminders
from gateway.store.sample.tickets import put_tickets


@dataclass(frozen=True, slots=True)
class SamplesAdded:
    subscribers: int
    cards: int


def load_samples(
    settings: Settings, more_subscribers: int, more_cards: int, *, only_if_empty: bool = False
) -> SamplesAdded:
    """The personas and their cards, and numbers 0 to N of those made by rule. Raises BadFile,
    StoreProblem."""
    service = settings.service
    zone = service.zone
    catalogue = business.load(
        settings.conf, signature=service.signature.label(), zone=zone
    ).catalogue
    personas = sample_people.load(settings.conf / "sample" / "personas.yaml", catalogue)
    people = sample_operators(settings)
    interfaces = load_interfaces(settings.conf)
    with prepared_store(settings) as store:
        now = int(time.time())
        if not (only_if_empty and has_operators(store)):
            put_operators(store, people, now)
        if not (only_if_empty and has_interfaces(store)):
            put_interfaces(store, interfaces, now)
        if only_if_empty and has_subscribers(store):
            return SamplesAdded(0, 0)
        made = map(sample_people.subscriber, _up_to(more_subscribers))
        put = put_personas(store, personas.personas, now) + put_personas(store, made, now)
        put_invitations(store, personas.personas, now)
        put_figures(store, now)
        put_tickets(store, now)
        put_partner_list(store, now)
        put_reminders(store, now)
        put_notices(store, now)
        put_detailed_records(store, [one.account.msisdn for one in personas.personas], now)
        return SamplesAdded(
            put,
            put_cards(store, personas.cards)
            + put_cards(store, map(sample_people.card, _up_to(more_cards))),
        )


def sample_operators(settings: Settings) -> tuple[SampleOperator, ...]:
    """Raises BadFile; nobody, where a conf/ of one's own has none."""
    path = settings.conf / "sample" / "operators.yaml"
    return load_operators(path, read_roles(settings.conf)) if path.exists() else ()


def _up_to(count: int) -> range:
    """Both ends: some count from 0, some from 1."""
    return range(count + 1) if count else range(0)
