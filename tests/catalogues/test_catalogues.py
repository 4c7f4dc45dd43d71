"""The generated pages of docs/ say what the code does, and the decision records are in order."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_twisted
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from tests.catalogues import decisions, log_events
from tests.catalogues.all_pages import faults, pages
from tests.catalogues.decisions import Record
from tests.catalogues.log_event_source import Unclear, events_in
from tests.catalogues.metrics import metrics_page, written
from tests.catalogues.page import Page, coded, page, table

MEND = "is not what the code says: run `make catalogues`, look at `git diff docs`, commit it"


def stale(generated: Page) -> str:
    """What to do, and the difference; empty if the page is as it should be."""
    difference = generated.difference()
    return f"{generated.path} {MEND}\n{difference}" if difference else ""


def test_the_generated_pages_say_what_the_code_does() -> None:
    """Commands, log events and the list of decisions."""
    assert not (told := "\n".join(filter(None, map(stale, pages())))), told


@pytest_twisted.ensureDeferred
async def test_the_page_of_metrics_says_what_a_gateway_counts(tmp_path: Path) -> None:
    """Asked of one that runs, with a BOSS."""
    from twisted.internet import reactor

    assert not (told := stale(await metrics_page(reactor, tmp_path))), told


def test_every_event_has_a_meaning_and_every_decision_its_form() -> None:
    """What `make catalogues` cannot write by itself."""
    assert not (told := "\n".join(faults())), told


# -- how pages are made --------------------------------------------------------------------------


def test_a_page_is_written_once(tmp_path: Path) -> None:
    """A second run changes nothing."""
    generated = page("docs/new.md", "New", "Text.")
    assert "+Text." in generated.difference(tmp_path)
    assert generated.write(tmp_path)
    assert not generated.write(tmp_path)
    assert generated.difference(tmp_path) == ""


def test_a_bar_does_not_split_a_cell() -> None:
    """Forms and facts may hold one."""
    assert table(("a",), [["x|y"]]) == "| a |\n| --- |\n| x\\|y |"


def test_a_metric_is_listed_with_its_labels_before_it_has_counted() -> None:
    """Counters under the name that Prometheus keeps."""
    counter = CounterMetricFamily("hallgate_in", "Messages in", labels=["link"])
    gauge = GaugeMetricFamily("hallgate_waiting", "Messages that wait", value=3)
    text = written([gauge, counter]).text
    assert "| `hallgate_in_total` | counter | `link` | Messages in |" in text
    assert "| `hallgate_waiting` | gauge |  | Messages that wait |" in text
    assert text.index("hallgate_in_total") < text.index("hallgate_waiting")


# -- finding events in the source ----------------------------------------------------------------

TOLD = """
ENDED = "closed"

def plain(self):
    self._log.event("open", http=1, links=[])

def constant(log):
    log.event(ENDED)

def either(log, good):
    word = "sent" if good else "unsent"
    told = {"event": word, "id": 1, "link": "a"}

def spread(log, reason):
    facts = {"reason": reason} if reason else {}
    facts["wait"] = 2
    log.event("line", state="up", **facts)

class Call:
    def happened(self, resumed, talking):
        self._tell("call resumed" if resumed else "call", **{"to": 1})

    def _tell(self, event, **facts):
        facts = {"pbx": self.exchange} | facts
        self.log.event(event, id=self.id, **facts)
"""


def test_events_are_found_however_they_are_written() -> None:
    """By a constant, a choice, a dict, a function in between; with the facts that can be seen."""
    found = {each.event: (set(each.facts), each.function) for each in events_in("a.py", TOLD)}
    assert found == {
        "open": ({"http", "links"}, "plain"),
        "closed": (set(), "constant"),
        "sent": ({"id", "link"}, "either"),
        "unsent": ({"id", "link"}, "either"),
        "line": ({"state", "reason", "wait"}, "spread"),
        "call": ({"id", "pbx", "to"}, "happened"),
        "call resumed": ({"id", "pbx", "to"}, "happened"),
    }


@pytest.mark.parametrize(
    "text",
    [
        'log.event(f"{kind} failed")',
        "log.event(names[0])",
        "def tell(log, name):\n    log.event(name)",
    ],
)
def test_a_name_that_cannot_be_told_is_a_mistake(text: str) -> None:
    """Else the event would be missing from the page and nobody would notice."""
    with pytest.raises(Unclear, match=r"^b\.py:\d: "):
        list(events_in("b.py", text))


def test_an_event_without_a_meaning_is_named_with_its_place() -> None:
    """And a meaning whose event is gone."""
    events = list(events_in("gateway/a.py", 'def begin(log):\n    log.event("open")'))
    found = log_events.faults(events, {"shut": "It is shut"}, {"shut": "error"})
    missing, graded, useless = found
    assert "'open' (gateway/a.py, begin) has no meaning" in missing
    assert "make catalogues" in missing
    assert "log_levels.py: no code writes the event 'shut'" in graded
    assert "no code writes the event 'shut'" in useless
    assert log_events.faults(events, {"open": "It is open"}, {"open": "info"}) == []


def test_an_event_is_listed_once_with_all_its_places() -> None:
    """And with the facts of all of them."""
    one = 'def one(log):\n    log.event("receipt", id=1)\n'
    two = 'def two(log):\n    log.event("receipt", id=1, link="a")\n'
    text = log_events.log_events_page(events_in("a.py", one + two), {"receipt": "It came"}).text
    facts, places = coded(["id", "link"]), "`a.py` one<br>`a.py` two"
    assert f"| `receipt` | info | It came | {facts} | {places} |" in text


# -- the decision records ------------------------------------------------------------------------

ALL = ("Context", "Choice", "Consequence")
GOOD = Record("001-one-thing.md", "One thing", 1, "2026-11-21", ALL)


def after(**changes: object) -> list[Record]:
    """A good record, and behind it one with these changes."""
    second = {"file": "002-two.md", "title": "Two", "number": 2, "date": "2026-11-21", **changes}
    return [GOOD, Record(**{"headings": ALL, **second})]  # type: ignore[arg-type]  # as it comes


def test_records_in_order_are_accepted() -> None:
    """With what was weighed, or without."""
    assert decisions.faults(after()) == []
    with_more = ("Context", "Choice", "Alternatives", "Consequence")
    assert decisions.faults(after(headings=with_more)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"file": "003-two.md", "number": 3}, "the next number is 002"),
        ({"file": "001-two.md", "number": 1}, "the next number is 002"),
        ({"file": "2-two.md"}, "its name must be NNN-short-words.md"),
        ({"title": ""}, "its first line must be `# 002. TITLE`"),
        ({"number": 7}, "its first line must be `# 002. TITLE`"),
        ({"date": "2026-11-31"}, "its third line must be `Date: YYYY-MM-DD`"),
        ({"date": ""}, "its third line must be `Date: YYYY-MM-DD`"),
        ({"date": "2026-11-20"}, "it is dated before the record in front of it, 2026-11-21"),
        ({"links": ("001-one-thing.md", "003-gone.md")}, "there is no record 003-gone.md"),
        ({"headings": ("Context", "Choice")}, "its sections must be Context, Choice"),
    ],
)
def test_what_is_wrong_with_a_record_is_told(changes: dict[str, object], fault: str) -> None:
    """With its file."""
    (told,) = decisions.faults(after(**changes))
    assert str(changes.get("file", "002-two.md")) in told
    assert fault in told


def test_the_template_has_the_form_of_a_record(tmp_path: Path) -> None:
    """A copy of it needs no more than its words."""
    copy = tmp_path / "001-something.md"
    template = (decisions.FOLDER / decisions.TEMPLATE).read_text(encoding="utf-8")
    copy.write_text(template.replace("# 000.", "# 001."), encoding="utf-8")
    assert decisions.faults(decisions.records(tmp_path)) == []
