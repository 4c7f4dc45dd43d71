"""What sounds say: the table texts.tsv in their folder tells it, `zh/n/23<tab>二十三`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

TABLE: Final = "texts.tsv"


class SoundTexts:
    """Reads tables when a sound is not in what was read: they grow while the hall speaks."""

    def __init__(self) -> None:
        self._folders: dict[Path, tuple[int, dict[str, str]]] = {}

    def of(self, sound: str) -> str:
        """What a sound says, nothing for a pause, or its name where nobody tells."""
        for folder in Path(sound).parents:
            if (folder / TABLE).is_file():
                name = str(Path(sound).relative_to(folder))
                return self._read(folder, name).get(name, f"[{name}]")
        return f"[{Path(sound).name}]"

    def _read(self, folder: Path, name: str) -> dict[str, str]:
        size, texts = self._folders.get(folder, (0, {}))
        now = (folder / TABLE).stat().st_size
        if name not in texts and now != size:
            rows = (folder / TABLE).read_text(encoding="utf-8").splitlines()
            texts = dict(row.split("\t", 1) for row in rows if "\t" in row)
            self._folders[folder] = now, texts
        return texts
