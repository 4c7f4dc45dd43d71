"""A file that is sent as the body of a request: onto the disk while it comes, however long."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from typing import Annotated, BinaryIO, Final

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from gateway.api.problems import Problem

MOST_OCTETS: Final = 128 * 1024 * 1024


async def _uploaded(request: Request) -> AsyncIterator[BinaryIO]:
    """Raises Problem."""
    with tempfile.TemporaryFile() as file:
        try:
            async for some in request.stream():
                file.write(some)
        except ClientDisconnect:
            raise Problem(400, "the file did not come as a whole") from None
        if not file.tell():
            raise Problem(422, "the file is the body of the request, and there is none")
        file.seek(0)
        yield file


Uploaded = Annotated[BinaryIO, Depends(_uploaded)]
"""Behind `act` in a route's parameters: nothing is read from who may not send it."""


def described(media: str, what: str) -> dict[str, object]:
    """For the API's description."""
    schema = {"type": "string", "description": what}
    return {"requestBody": {"required": True, "content": {media: {"schema": schema}}}}
