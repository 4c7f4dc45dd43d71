"""What `make test` says in the end about the lines that have run."""

from __future__ import annotations

from tests.covered_lines import Covered, files, summary


def test_a_report_is_told_with_its_worst_files_first() -> None:
    """Of two with the same share, the one with more lines that never ran."""
    report = {
        "files": {
            "gateway/whole.py": {"executed_lines": [1, 2], "missing_lines": []},
            "gateway/small.py": {"executed_lines": [], "missing_lines": [1]},
            "gateway/large.py": {"executed_lines": [], "missing_lines": [1, 2, 5]},
            "gateway/empty.py": {"executed_lines": [], "missing_lines": []},
            "gateway/half.py": {"executed_lines": [2], "missing_lines": [1]},
        }
    }
    total, _, _, *worst = summary(files(report))
    assert total == "37 % of the lines have run: 3 of 8, in 5 files."
    assert [line.split()[-1] for line in worst] == [
        "gateway/large.py",
        "gateway/small.py",
        "gateway/half.py",
        "gateway/empty.py",
        "gateway/whole.py",
    ]
    assert worst[0].split() == ["0", "%", "0", "of", "3", "gateway/large.py"]


def test_only_what_is_whole_is_a_hundred() -> None:
    """A file with one line of a thousand that never ran is not told as if nothing was missing."""
    assert Covered("a.py", 1000, 999).percent == 99
    assert Covered("a.py", 1000, 1000).percent == 100


def test_ten_files_are_named_and_no_more() -> None:
    """What is longer than a screen is not read."""
    many = [Covered(f"gateway/{n}.py", 10, 5) for n in range(300)]
    assert len(list(summary(many))) == 3 + 10
