"""What can go wrong with any verb, told in a line or two and by the exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from twisted.internet.error import CannotListenError

from gateway.config.checked_yaml import BadFile
from gateway.model.operators.refusals import ActRefusal
from gateway.store.connection import StoreRefusal
from gateway.store.outage import named
from gateway.store.store import StoreProblem


def told(verb: Callable[[], int]) -> int:
    """The verb's own exit status, or 1 when its error has been told."""
    try:
        return verb()
    except BadFile as bad:
        for finding in bad.findings:
            print(finding, file=sys.stderr)
    except CannotListenError as taken:
        print(
            f"{taken.interface}:{taken.port} cannot be used: {taken.socketError}", file=sys.stderr
        )
    except ActRefusal as refusal:
        print(refusal, file=sys.stderr)
    except StoreRefusal as error:
        print(f"store: it does not answer: {named(error)}", file=sys.stderr)
    except StoreProblem as problem:
        print(f"store: {problem}", file=sys.stderr)
    except BrokenPipeError:  # whoever reads us has enough: hallgate menus preview | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 1
