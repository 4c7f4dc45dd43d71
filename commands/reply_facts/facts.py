"""The facts that the text of a reply may name."""

from __future__ import annotations

from collections.abc import Mapping

Facts = Mapping[str, object]
