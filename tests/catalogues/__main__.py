"""`python -m tests.catalogues`: write the generated pages of docs/, and tell what is lacking."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import react

from tests.catalogues.all_pages import every_page
from tests.catalogues.log_event_source import Unclear


async def write(reactor: Any) -> None:
    with TemporaryDirectory() as folder:
        try:
            pages, faults = await every_page(reactor, Path(folder))
        except Unclear as unclear:
            sys.exit(str(unclear))
    for page in pages:
        if page.write():
            print(f"{page.path} written")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    react(lambda reactor: Deferred.fromCoroutine(write(reactor)))
