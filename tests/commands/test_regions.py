"""Where numbers belong, and mistakes in the list."""

from __future__ import annotations

from commands.regions import NO_REGIONS, Regions, RegionSheet, problems, regions
from tariffs.label import Label


def sheet(*rows: tuple[str, list[str]]) -> RegionSheet:
    """Regions with their prefixes."""
    made = [{"region": {"zh": name, "en": name}, "prefixes": list(p)} for name, p in rows]
    return RegionSheet.model_validate({"regions": made})


def test_the_longest_prefix_counts() -> None:
    """A town within its province."""
    known = regions(sheet(("广东", ["1392"]), ("广州", ["139220", "138"])))
    assert known.of("13922012345") == "广州"
    assert known.of("13921012345") == "广东"
    assert known.of("13812345678") == "广州"
    assert known.of("13712345678") is None
    assert NO_REGIONS.of("13712345678") is None


def test_a_region_is_told_in_two_languages() -> None:
    """Like every name."""
    found = Regions({"138": Label("北京", "Beijing")}).of("13800138000")
    assert found is not None
    assert found.en == "Beijing"


def test_a_prefix_of_two_regions_is_found() -> None:
    """At its second place."""
    (found,) = problems(sheet(("北京", ["138", "139"]), ("上海", ["137", "139"])))
    assert found.place == ("regions", 1, "prefixes", 1)
    assert found.what == "the prefix 139 is also one of 北京"
