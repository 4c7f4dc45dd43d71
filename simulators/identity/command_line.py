"""A provider of identities on its own: `hallgate simulate identity`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from simulators.identity.http_server import IdentityServer
from simulators.identity.tokens import WRONG

EXAMPLE = """\
example, with the sample's operators (hallgate demo, hallgate db sample):
  %(prog)s --port 8091
  echo sesame > /tmp/oidc
  hallgate console --set console.oidc.issuer=http://127.0.0.1:8091 \\
      --set console.oidc.client_id=hallgate --set console.oidc.client_secret_file=/tmp/oidc
      then open http://127.0.0.1:8087/api/v1/session/oidc in a browser, and be 80001
"""


def main(argv: Sequence[str] | None = None, prog: str | None = None) -> int:
    """Serve until interrupted; the exit status."""
    asked = _parser(prog).parse_args(argv)
    try:
        server = IdentityServer((asked.host, asked.port))
    except OSError as taken:
        print(f"{asked.host}:{asked.port} cannot be used: {taken.strerror}", file=sys.stderr)
        return 1
    provider = server.provider
    provider.client_id, provider.client_secret = asked.client, asked.secret
    provider.claim, provider.wrong = asked.claim, asked.wrong
    print(f"identities of {provider.issuer}. Ctrl-C stops it.", flush=True)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def _parser(prog: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="A provider of identities (OpenID Connect) that lets everybody in as whom they "
        "say, with right and with wrong ID tokens.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="where it listens (127.0.0.1)")
    add("--port", type=int, default=8091, help="(8091)")
    add("--client", default="hallgate", help="who may ask (hallgate)")
    add("--secret", default="sesame", help="what the client shows; empty: nothing (sesame)")
    add("--claim", default="preferred_username", help="where its tokens say who somebody is")
    add("--wrong", default="", choices=["", *WRONG], help="how its ID tokens are wrong")
    return parser
