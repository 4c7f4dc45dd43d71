"""docs/reference/verbs.md: every verb of `hallgate`, as its --help tells it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from gateway.cli import whole_parser
from tests.catalogues.page import Page, page

INTRODUCTION = """\
Every verb takes `--config FILE` (default: what `$HALLGATE_CONFIG` names) and `--set KEY=VALUE`,
before it or behind it. `hallgate phone --help` and `hallgate simulate --help` tell the rest
themselves."""

Parser = argparse.ArgumentParser


def every_parser(parser: Parser | None = None) -> Iterator[Parser]:
    """Of each verb and each of its steps, in the order of --help. Those that read their arguments
    themselves are not among them."""
    for child in children(parser or whole_parser()).values():
        yield child
        yield from every_parser(child)


def children(parser: Parser) -> dict[str, Parser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def verbs_page() -> Page:
    sections = [section for parser in every_parser() for section in _section(parser)]
    return page("docs/reference/verbs.md", "Verbs of `hallgate`", INTRODUCTION, *sections)


def _section(parser: Parser) -> Iterator[str]:
    if parser.description is None:
        return  # phone and simulate
    depth = "##" + "#" * (len(parser.prog.split()) - 2)
    yield f"{depth} {parser.prog}"
    yield parser.description
    if children(parser):
        return
    yield "\n".join(_options(parser)) or "No options of its own."
    if parser.epilog:
        _, _, example = parser.epilog.partition("\n")
        yield "```sh\n" + "\n".join(line.strip() for line in example.splitlines()) + "\n```"


def _options(parser: Parser) -> Iterator[str]:
    for action in parser._actions:
        if {"--help", "--config", "--set"} & set(action.option_strings):
            continue
        if action.help == argparse.SUPPRESS:
            continue
        name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
        if action.option_strings and action.nargs != 0:
            name += f" {action.metavar or action.dest.upper()}"
        if not action.option_strings and action.choices:
            name = f"{action.dest}: {' | '.join(map(str, action.choices))}"
        yield f"- `{name}`" + (f": {action.help % vars(action)}" if action.help else "")
