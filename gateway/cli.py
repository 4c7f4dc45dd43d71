"""The command line: `hallgate VERB`. Each verb's help has an example."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from twisted.internet.error import CannotListenError

from commands.parameters import Kind
from commands.ticket_progress import KINDS
from gateway import certificates, sample
from gateway.app import gateway
from gateway.book import open_book
from gateway.boss.sample import sample_book
from gateway.configuration import read_settings
from gateway.consents import consents, lines
from gateway.demo import open_demo
from gateway.files import BadFile
from gateway.foreground import Foreground
from gateway.log import Log, tell_twisted_errors
from gateway.menu_tools.verbs import add_menus
from gateway.opening import prepared_store
from gateway.prompts.verbs import add_prompts, warn_of_sounds
from gateway.push import Push, Unreachable, pushing
from gateway.samples import load_samples, upgrade
from gateway.settings import OWN_CONF, Settings
from gateway.store.store import StoreProblem
from gateway.tickets import open_tickets, ticket_lines

Verb = Callable[[argparse.Namespace], int]

EXAMPLES = """examples:
  hallgate demo                                   everything here, with sample subscribers
  hallgate phone                                  a phone for the demo: sms YE
  hallgate check --config conf/gateway.yaml       look before you start
  hallgate run --config conf/gateway.yaml         the gateway
  hallgate run --set limits.queries_per_hour=0    one setting over the file
"""


def main(arguments: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["phone"]:
        from simulators import phone  # noqa: PLC0415  # a phone needs nothing of the gateway

        return phone.main(words[1:], prog="hallgate phone")
    if words[:2] == ["simulate", "smsc"]:
        from simulators import smsc  # noqa: PLC0415

        return smsc.main(words[2:], prog="hallgate simulate smsc")
    if words[:2] == ["simulate", "boss"]:
        from simulators import boss  # noqa: PLC0415

        return boss.main(words[2:], prog="hallgate simulate boss", sample=_sample_for_boss())
    if words[:2] == ["simulate", "pbx"]:
        from simulators import pbx  # noqa: PLC0415

        return pbx.main(words[2:], prog="hallgate simulate pbx")
    chosen = _parser().parse_args(words)
    try:
        code: int = chosen.verb(chosen)
    except BadFile as bad:
        for finding in bad.findings:
            print(finding, file=sys.stderr)
        return 1
    except CannotListenError as taken:
        print(
            f"{taken.interface}:{taken.port} cannot be used: {taken.socketError}", file=sys.stderr
        )
        return 1
    except StoreProblem as problem:
        print(f"store: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _sample_for_boss() -> dict[str, Any]:
    catalogue = open_book(Settings()).catalogue
    loaded = sample.load(OWN_CONF / "sample" / "personas.yaml", catalogue)
    return sample_book(loaded, catalogue, int(time.time()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "hallgate",
        description="A self-service hall's front door: SMS, USSD and voice over one command layer.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    _verb(verbs, "run", run, "the gateway in the foreground; SIGTERM drains and ends it",
          "hallgate run --config conf/gateway.yaml --set http.listen=127.0.0.1:9086")  # fmt: skip
    demo_verb = _verb(
        verbs, "demo", demo, "gateway, simulators and sample data in one", "hallgate demo"
    )
    demo_verb.add_argument(
        "--control", type=int, default=8087, help="the phone's port (%(default)s)"
    )
    _verb(verbs, "check", check, "look at the configuration, commands, tariffs, replies and menus",
          "hallgate check --config conf/gateway.yaml")  # fmt: skip
    consent_verb = _verb(
        verbs, "consent", consent, "what a number confirmed: text, answer, time, channel",
        "hallgate consent 13800138001 --config conf/gateway.yaml",
    )  # fmt: skip
    consent_verb.add_argument("msisdn", type=_msisdn, metavar="MSISDN", help="eleven digits")
    ticket = verbs.add_parser("tickets", help="what subscribers wait for: complaints, calls back …")
    things = ticket.add_subparsers(title="things", metavar="THING", required=True)
    list_verb = _verb(things, "list", tickets_list, "those not done, the most urgent first",
                      "hallgate tickets list --kind callback")  # fmt: skip
    list_verb.add_argument("--kind", choices=KINDS, default="", help="only these")
    done_verb = _verb(things, "done", tickets_done, "one is done: whoever opened it is told by SMS",
                      "hallgate tickets done 5970023000101 已退还当月功能费5元")  # fmt: skip
    done_verb.add_argument("number", metavar="NUMBER", help="the ticket's")
    done_verb.add_argument("result", metavar="RESULT", help="what the subscriber is told")
    ussd = verbs.add_parser("ussd", help="show a screen to somebody who has not dialled")
    kinds = ussd.add_subparsers(title="kinds", metavar="KIND", required=True)
    ask_verb = _verb(kinds, "ask", ussd_ask, "open the menu on a phone, and take its keys",
                     "hallgate ussd ask 13800138001 --config conf/gateway.yaml")  # fmt: skip
    ask_verb.add_argument("msisdn", type=_msisdn, metavar="MSISDN", help="eleven digits")
    notify_verb = _verb(kinds, "notify", ussd_notify, "show a text; by SMS if it cannot be shown",
                        "hallgate ussd notify 13800138001 夜间系统维护,请谅解。")  # fmt: skip
    notify_verb.add_argument("msisdn", type=_msisdn, metavar="MSISDN", help="eleven digits")
    notify_verb.add_argument("text", help="what the screen says")
    db = verbs.add_parser("db", help="the store: schema and sample data")
    steps = db.add_subparsers(title="steps", metavar="STEP", required=True)
    _verb(steps, "upgrade", db_upgrade, "the schema to the newest version",
          "hallgate db upgrade --config conf/gateway.yaml")  # fmt: skip
    sample = _verb(steps, "sample", db_sample, "the sample subscribers and cards, anew",
                   "hallgate db sample --subscribers 100000 --cards 100")  # fmt: skip
    sample.add_argument(
        "--subscribers", type=int, default=0, metavar="N", help="N more, from 13900000000"
    )
    sample.add_argument("--cards", type=int, default=0, metavar="N", help="N good cards of 50 yuan")
    sample.add_argument(
        "--show", type=int, metavar="I", help="print subscriber I's number and password"
    )
    add_menus(verbs, _verb)
    add_prompts(verbs, _verb)
    simulate = verbs.add_parser("simulate", help="the simulators on their own")
    simulate.add_argument(
        "what", choices=["smsc", "pbx", "boss"], help="more: hallgate simulate smsc --help"
    )
    verbs.add_parser("phone", help="a phone in the terminal; more: hallgate phone --help")
    return parser


def _verb(verbs: Any, name: str, function: Verb, help: str, example: str) -> Any:
    verb = verbs.add_parser(
        name, help=help, description=help.capitalize() + ".", epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    verb.add_argument("--config", type=Path, metavar="FILE", help="the configuration (YAML)")
    verb.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="one setting over it"
    )
    verb.set_defaults(verb=function)
    return verb


def _settings(chosen: argparse.Namespace) -> Settings:
    return read_settings(chosen.config, chosen.set)


def run(chosen: argparse.Namespace) -> int:
    from twisted.internet import reactor  # importing it installs it

    settings, log = _settings(chosen), Log()
    certificates.look(settings.smpp.links, chosen.config)
    tell_twisted_errors(log)

    @asynccontextmanager
    async def story(foreground: Foreground) -> AsyncIterator[None]:
        async with gateway(settings, reactor, log) as running:
            foreground.hang_up = lambda: running.reload(lambda: _settings(chosen))
            yield

    Foreground(reactor).run(story)
    return 0


def demo(chosen: argparse.Namespace) -> int:
    from twisted.internet import reactor

    Foreground(reactor).run(lambda foreground: open_demo(chosen, foreground, reactor))
    return 0


def check(chosen: argparse.Namespace) -> int:
    settings = _settings(chosen)
    certificates.look(settings.smpp.links, chosen.config)
    book = open_book(settings)
    register, catalogue = book.register, book.catalogue
    if (personas := settings.conf / "sample" / "personas.yaml").exists():
        sample.load(personas, catalogue)
    print(
        f"all is well: {len(register.specs)} commands with {len(register.codes)} codes, "
        f"{len(catalogue.plans)} plans, {len(catalogue.services)} services, "
        f"{len(book.menus.book.screens)} screens"
    )
    warn_of_sounds(settings)
    return 0


def _msisdn(written: str) -> str:
    if found := Kind.MSISDN.clean(written):
        return found
    raise argparse.ArgumentTypeError(f"'{written}' is no mobile number; write eleven digits")


def consent(chosen: argparse.Namespace) -> int:
    settings = _settings(chosen)
    with prepared_store(settings) as store:
        found = consents(store, chosen.msisdn)
    for line in lines(found, int(time.time()), ZoneInfo(settings.service.timezone)):
        print(line)
    print(f"{len(found)} orders")
    return 0


def tickets_list(chosen: argparse.Namespace) -> int:
    settings = _settings(chosen)
    with prepared_store(settings) as store:
        found = open_tickets(store, chosen.kind)
    for line in ticket_lines(found, int(time.time()), ZoneInfo(settings.service.timezone)):
        print(line)
    print(f"{len(found)} tickets")
    return 0


def tickets_done(chosen: argparse.Namespace) -> int:
    closed: list[bool] = []
    code = _push(
        chosen, lambda push: closed.append(push.close_ticket(chosen.number, chosen.result))
    )
    if closed == [False]:
        print(f"no open ticket has the number {chosen.number}", file=sys.stderr)
        return 1
    return code


def ussd_ask(chosen: argparse.Namespace) -> int:
    return _push(chosen, lambda push: push.ask(chosen.msisdn))


def ussd_notify(chosen: argparse.Namespace) -> int:
    return _push(chosen, lambda push: push.notify(chosen.msisdn, chosen.text))


def _push(chosen: argparse.Namespace, kind: Callable[[Push], object]) -> int:
    settings = _settings(chosen)
    try:
        with prepared_store(settings) as store, pushing(settings, store, time.time) as push:
            kind(push)
    except Unreachable as nobody:
        print(f"{nobody}; start one with hallgate run or hallgate demo", file=sys.stderr)
        return 1
    print("The gateway takes it up within a quarter of a minute.")
    return 0


def db_upgrade(chosen: argparse.Namespace) -> int:
    print(f"the store has schema {upgrade(_settings(chosen))}")
    return 0


def db_sample(chosen: argparse.Namespace) -> int:
    if chosen.show is not None:
        persona = sample.subscriber(chosen.show)
        print(persona.account.msisdn, persona.password.reveal())
        return 0
    loaded = load_samples(_settings(chosen), chosen.subscribers, chosen.cards)
    print(f"{loaded.subscribers} subscribers and {loaded.cards} recharge cards, as new")
    return 0
