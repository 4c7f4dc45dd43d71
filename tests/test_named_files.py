"""Files that the documents name are there: who looks for one that was moved is sent astray."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = ("README.md", "CONTRIBUTING.md", *sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")
))  # fmt: skip
_OURS: Final = "|".join(
    path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "var"))
)
_NAMED: Final = re.compile(
    rf"`(?:my-)?((?:{_OURS})/[A-Za-z0-9_./-]+?\.(?:md|py|yaml|tsv|toml)|(?:{_OURS})/[a-z_/]*)`"
)


def named(page: str) -> list[str]:
    return _NAMED.findall((ROOT / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    assert [name for name in named(page) if not (ROOT / name).exists()] == []


def test_pages_name_files() -> None:
    """Else the test above would look at nothing."""
    assert sum(len(named(page)) for page in PAGES) > 100
