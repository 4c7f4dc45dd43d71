"""What a verb leaves in the store for a gateway that runs."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from gateway.cli.acting import actor_of, noting_refusals
from gateway.cli.verb import settings_of
from gateway.model.operators.audit import AuditEntry
from gateway.serving.beside.push import Push, Unreachable, Unshowable, pushing
from gateway.store.opening import prepared_store


def push(chosen: argparse.Namespace, what: Callable[[Push, AuditEntry], object]) -> int:
    """`what` is given who does it, for the audit."""
    settings = settings_of(chosen)
    try:
        with prepared_store(settings) as store, pushing(settings, store, time.time) as pushed:
            with noting_refusals(store), store.reading() as connection:
                actor = actor_of(chosen, connection, store)
            what(pushed, actor.did("", time.time(), reason=chosen.reason))
    except Unreachable as nobody:
        print(f"{nobody}; start one with hallgate run or hallgate demo", file=sys.stderr)
        return 1
    except Unshowable as refused:
        print(refused, file=sys.stderr)
        return 1
    print("The gateway takes it up within a quarter of a minute.")
    return 0
