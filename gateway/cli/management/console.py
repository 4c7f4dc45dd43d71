"""`hallgate console`: pages and the JSON API, in the foreground."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from gateway.cli.verb import add_log, add_verb, settings_of


def add(verbs: Any, help: str) -> None:
    example = "hallgate console --config conf/gateway.yaml"
    add_log(add_verb(verbs, "console", console, help, example))


def console(chosen: argparse.Namespace) -> int:
    # half a second that who only asks for help need not wait
    from gateway.api.server import serve_console  # noqa: PLC0415
    from gateway.console.site import add_pages  # noqa: PLC0415
    from gateway.ops.log import log_to, tell_errors  # noqa: PLC0415
    from gateway.ops.log_style import log_style  # noqa: PLC0415
    from gateway.store.opening import prepared_store  # noqa: PLC0415

    settings = settings_of(chosen)
    try:
        with log_to(chosen.log, log_style(settings)) as log, prepared_store(settings) as store:
            tell_errors(log)
            serve_console(settings, store, log, _tell, add_pages)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _tell(address: str) -> None:
    described = f"description: {address}/api/openapi.json"
    print(f"API: {address}/api/v1/   {described}   pages: {address}/", flush=True)
