"""`hallgate db`: the store's schema and its sample data."""

from __future__ import annotations

import argparse
from typing import Any

from gateway.cli.acting import acting, add_actor
from gateway.cli.verb import add_group, add_verb, settings_of


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "db", help, "step")
    add_verb(steps, "upgrade", to_newest, "the schema to the newest version",
             "hallgate db upgrade --config conf/gateway.yaml")  # fmt: skip
    samples = add_verb(steps, "sample", put_samples, "the sample subscribers and cards, anew",
                       "hallgate db sample --subscribers 100000 --cards 100")  # fmt: skip
    samples.add_argument(
        "--subscribers", type=int, default=0, metavar="N", help="N more, from 13900000000"
    )
    samples.add_argument(
        "--cards", type=int, default=0, metavar="N", help="N good cards of 50 yuan"
    )
    samples.add_argument(
        "--show", type=int, metavar="I", help="print subscriber I's number and password"
    )
    add_actor(samples, "subscribers.change")


def to_newest(chosen: argparse.Namespace) -> int:
    from gateway.store.opening import upgrade  # noqa: PLC0415  # help needs no store

    print(f"the store has schema {upgrade(settings_of(chosen))}")
    return 0


def put_samples(chosen: argparse.Namespace) -> int:
    from gateway.cli.sample_data import load_samples  # noqa: PLC0415  # a second
    from gateway.config.sample import people as sample_people  # noqa: PLC0415
    from gateway.store.opening import prepared_store  # noqa: PLC0415

    settings = settings_of(chosen)
    if chosen.show is not None:
        persona = sample_people.subscriber(chosen.show)
        with prepared_store(settings) as store, acting(chosen, store) as act:
            act.note("subscribers.reveal", persona.account.msisdn, result="service password")
        print(persona.account.msisdn, persona.password.reveal())
        return 0
    loaded = load_samples(settings, chosen.subscribers, chosen.cards)
    with prepared_store(settings) as store, acting(chosen, store) as act:
        what = f"{loaded.subscribers} sample subscribers, {loaded.cards} cards"
        act.note("subscribers.sample", result=what)
    print(f"{loaded.subscribers} subscribers and {loaded.cards} recharge cards, as new")
    return 0
