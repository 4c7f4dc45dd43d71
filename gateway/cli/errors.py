"""What can go wrong with any verb, told in a line or two and by the exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


def told(verb: Callable[[], int]) -> int:
    """The verb's own exit status, or 1 when its error has been told."""
    try:
        return verb()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever reads us has enough: hallgate menus preview | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        lines = _lines(error)
        if not lines:
            raise
        print(*lines, sep="\n", file=sys.stderr)
    return 1


def _lines(error: Exception) -> list[str]:
    """What to tell of it; nothing of what nobody expected. Whose verb goes well loads none of
    this."""
    from twisted.internet.error import CannotListenError  # noqa: PLC0415

    from gateway.config import finding_texts  # noqa: PLC0415
    from gateway.config.checked_yaml import BadFile  # noqa: PLC0415
    from gateway.model.operators.refusals import ActRefusal  # noqa: PLC0415
    from gateway.security.encryption import UnusableKey  # noqa: PLC0415
    from gateway.store.connection import StoreRefusal  # noqa: PLC0415
    from gateway.store.outage import named  # noqa: PLC0415
    from gateway.store.store import StoreProblem  # noqa: PLC0415

    match error:
        case BadFile():
            language = finding_texts.language_of()
            return [finding_texts.told_in_line(one, language) for one in error.findings]
        case CannotListenError():
            return [f"{error.interface}:{error.port} cannot be used: {error.socketError}"]
        case ActRefusal() | UnusableKey():
            return [str(error)]
        case StoreRefusal():
            return [f"store: it does not answer: {named(error)}"]
        case StoreProblem():
            return [f"store: {error}"]
        case _:
            return []
