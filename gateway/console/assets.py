"""Scripts and styles: named with what they hold, so that browsers keep them for good."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.api.problems import answer

FOLDER: Final = Path(__file__).parent / "static"
_MEDIA: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_FOR_GOOD: Final = "public, max-age=31536000, immutable"


def address_of_asset(name: str) -> str:
    return f"/static/{_mark(name)}/{name}"


async def send_asset(request: Request) -> Response:
    """Of the folder, by a name that stands in it: nothing else can be named."""
    name = request.path_params["name"]
    if name not in _read() or request.path_params["mark"] != _mark(name):
        return answer(404, "there is no such file")
    headers = {"Cache-Control": _FOR_GOOD}
    return Response(_read()[name], media_type=_MEDIA[Path(name).suffix], headers=headers)


@cache
def _read() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in FOLDER.rglob("*") if path.suffix in _MEDIA}


@cache
def _mark(name: str) -> str:
    return sha256(_read()[name]).hexdigest()[:16]
