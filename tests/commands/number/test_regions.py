"""Where numbers belong, and mistakes in the list."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from commands.config.region_file import RegionsFile, problems, regions
from commands.model.regions import NO_REGIONS, Regions
from tariffs.bilingual_name import BilingualName
from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone


def sheet(*rows: tuple[str, list[str]]) -> RegionsFile:
    """Regions with their prefixes."""
    made = [{"region": {"zh": name, "en": name}, "prefixes": list(p)} for name, p in rows]
    return RegionsFile.model_validate({"regions": made})


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
    found = Regions({"138": BilingualName("北京", "Beijing")}).of("13800138000")
    assert found is not None
    assert found.en == "Beijing"


def test_a_prefix_of_two_regions_is_found() -> None:
    """At its second place."""
    (found,) = problems(sheet(("北京", ["138", "139"]), ("上海", ["137", "139"])))
    assert found.place == ("regions", 1, "prefixes", 1)
    assert found.what == "the prefix 139 is also one of 北京"


def test_where_a_number_belongs(hall: HallWorld) -> None:
    """By its first digits, whoever has it, and for whoever asks."""
    phone = Phone(hall, "13912345678")
    assert "13800138000的归属地为北京" in phone.sends("CXGSD#13800138000")
    assert "归属地为上海" in phone.sends("403 86-13800170000")
    phone.sends("403#19999999999")
    assert phone.texts == ["q.region.none"]


PREFIXES = st.text("0123456789", min_size=3, max_size=9)


@given(
    by_prefix=st.dictionaries(PREFIXES, st.sampled_from("甲乙丙"), max_size=12),
    wanted=st.sets(st.sampled_from("甲乙丙")),
    number=st.text("0123456789", min_size=11, max_size=11),
    near=st.data(),
)
def test_whoever_is_of_a_region_is_in_its_ranges(
    by_prefix: dict[str, str], wanted: set[str], number: str, near: st.DataObject
) -> None:
    """Which are in order and apart from each other."""
    regions = Regions({prefix: BilingualName(name, name) for prefix, name in by_prefix.items()})
    ranges = regions.ranges_of(wanted)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(ranges))
    if by_prefix:
        prefix = near.draw(st.sampled_from(sorted(by_prefix)))
        number = prefix + number[len(prefix) :]
    if str(regions.of(number)) in wanted:
        assert sum(first <= int(number) <= last for first, last in ranges) == 1
