"""commands.model.hall.RandomSource: digits that nobody can foresee."""

from __future__ import annotations

import secrets


class SystemRandomDigits:
    def digits(self, count: int) -> str:
        return f"{secrets.randbelow(10**count):0{count}d}"
