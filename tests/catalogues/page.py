"""A generated page: its file, its text, and how it differs from what stands in the repository."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).parents[2]
GENERATED = "<!-- Written by `make catalogues`; do not edit. -->"


@dataclass(frozen=True, slots=True)
class Page:
    path: str  # from the project's folder
    text: str

    def write(self, root: Path = ROOT) -> bool:
        """Whether the file has changed."""
        if self.difference(root) == "":
            return False
        file = root / self.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.text, encoding="utf-8")
        return True

    def difference(self, root: Path = ROOT) -> str:
        """From the file to this text, as `diff -u` has it; empty if they are the same."""
        file = root / self.path
        there = file.read_text(encoding="utf-8") if file.exists() else ""
        return "\n".join(
            unified_diff(
                there.splitlines(), self.text.splitlines(), self.path, "generated", lineterm=""
            )
        )


def page(path: str, title: str, *blocks: str) -> Page:
    """With its title, and blank lines between the blocks."""
    return Page(path, "\n\n".join([f"# {title}", GENERATED, *blocks]) + "\n")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """In Markdown; a bar in a cell is escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def coded(words: Iterable[str]) -> str:
    """As code, one beside the other."""
    return " ".join(f"`{word}`" for word in words)
