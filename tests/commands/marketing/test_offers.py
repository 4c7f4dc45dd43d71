"""Stories of recommendations: to whom, beside what, how often, and never at the price of a part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count

import pytest

from commands.marketing import offers
from commands.marketing.offers import Recommendation, Recommendations
from commands.model.dialogue import NO_DIALOGUE, Dialogue
from commands.model.request import Channel
from commands.model.turn import TurnContext
from gateway.dialogue.responder import Responder
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import SHANGHAI
from tests.commands.fakes import NOW, HallWorld, own_conf

ORDINARY = "13800138001"
CAMPUS = Recommendation(
    BilingualName("校园上网40小时10元", "40 h campus WLAN, 10 yuan"),
    "KTEDU40",
    "EDU40",
    after=frozenset({"q.plan", "q.allowance"}),
)
DAY = 86400
_ids = count(5000)


@dataclass
class Reader:
    """Somebody who reads what the gateway would send."""

    world: HallWorld
    number: str = ORDINARY
    offers: tuple[Recommendation, ...] = (CAMPUS,)
    now: int = NOW
    channel: Channel = Channel.SMS
    dialogue: Dialogue = field(default=NO_DIALOGUE)

    def sends(self, text: str) -> str:
        own = own_conf()
        desk = Responder(own.register, own.words, Recommendations(self.offers))
        visit = TurnContext(next(_ids), self.now, self.channel, "10", self.number)
        said, _ = desk.understood(text, visit, self.dialogue, self.world.hall())
        spoken = desk.serve(said, visit, self.dialogue, self.world.hall())
        self.dialogue = spoken.outcome.dialogue
        if spoken.outcome.proposed:
            self.world.orders.shown(spoken.outcome.proposed, spoken.shown, self.now)
        return spoken.shown


def test_one_recommendation_beside_an_answer(hall: HallWorld) -> None:
    """With the code to take it up and the one to hear no more of them, before the signature."""
    said = Reader(hall).sends("CXTC")
    assert said.endswith("。推荐:校园上网40小时10元,回复KTEDU40办理,拒收回复JSYX。【中国移动】")


def test_one_a_day(hall: HallWorld) -> None:
    """The next comes a day later."""
    reader = Reader(hall)
    assert "推荐" in reader.sends("CXTC")
    assert "推荐" not in reader.sends("CXYL")
    reader.now += DAY
    assert "推荐" in reader.sends("CXTC")


def test_in_english_for_who_reads_english(hall: HallWorld) -> None:
    """Marketing writes both."""
    hall.alter(ORDINARY, language="en")
    said = Reader(hall, offers=(replace(CAMPUS, after=frozenset({"q.balance"})),)).sends("YE")
    assert said.endswith(
        " 40 h campus WLAN, 10 yuan: send KTEDU40. No offers: JSYX. (China Mobile)"
    )


@pytest.mark.parametrize("number", ["13800138006", "13800138007", "13800138004", "13800138008"])
def test_some_are_left_alone(hall: HallWorld, number: str) -> None:
    """The red list, the black list, who is stopped."""
    assert "推荐" not in Reader(hall, number).sends("CXTC")


def test_who_declined_is_left_alone(hall: HallWorld) -> None:
    """Until they say otherwise."""
    hall.preferences.put(ORDINARY, offers.WISH, "off", "10", NOW)
    assert "推荐" not in Reader(hall).sends("CXTC")
    hall.preferences.put(ORDINARY, offers.WISH, "on", "10", NOW)
    assert "推荐" in Reader(hall).sends("CXTC")


@pytest.mark.parametrize(
    "text",
    ["CXTC#13800138005#615283", "CXTC#13800138005", "CXTC#739204", "YE", "2010", "asdf", "CD9"],
)
def test_nothing_beside_anything_else(hall: HallWorld, text: str) -> None:
    """Another's account, a secret, a refusal, a confirm, an answer that was not chosen for it."""
    assert "推荐" not in Reader(hall).sends(text)
    assert not hall.attempts.struck


def test_nothing_on_a_screen(hall: HallWorld) -> None:
    """It is too small."""
    assert "推荐" not in Reader(hall, channel=Channel.USSD).sends("CXTC")


def test_an_answer_never_becomes_a_part_longer(hall: HallWorld) -> None:
    """And what was not shown has not been the day's."""
    long = replace(CAMPUS, pitch=BilingualName("好" * 60))
    reader = Reader(hall, offers=(long,))
    assert "推荐" not in reader.sends("CXTC")
    assert not hall.attempts.struck
    reader.offers = (CAMPUS,)
    assert "推荐" in reader.sends("CXTC")


@pytest.mark.parametrize("held", ["EDU40", "EDU100"])
def test_what_somebody_has_is_not_recommended(hall: HallWorld, held: str) -> None:
    """Nor what they could only have instead of something else."""
    hall.services.open(ORDINARY, held, NOW, 1)
    assert "推荐" not in Reader(hall).sends("CXTC")


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"brands": frozenset({"QQT"})}, True),
        ({"brands": frozenset({"MZ"})}, False),
        ({"plans": frozenset({"QQT128"})}, True),
        ({"plans": frozenset({"QQT88"})}, False),
        ({"since": NOW}, True),
        ({"since": NOW + 1}, False),
        ({"until": NOW + 1}, True),
        ({"until": NOW}, False),
    ],
)
def test_for_whom_and_from_when_to_when(
    hall: HallWorld, changes: dict[str, object], shown: bool
) -> None:
    """As marketing wrote it."""
    offer = replace(CAMPUS, **changes)  # type: ignore[arg-type]
    assert ("推荐" in Reader(hall, offers=(offer,)).sends("CXTC")) is shown


def test_the_heavier_is_seen_more_often() -> None:
    """Three of four subscribers, and for each of them another one on other days."""
    heavy, light = replace(CAMPUS, weight=3), replace(CAMPUS, code="KTEDU100")
    seen: Counter[str] = Counter()
    for n in range(4000):
        drawn = offers.draw_offer([heavy, light], str(13900000000 + n), NOW)
        assert drawn is not None
        seen[drawn.code] += 1
    assert seen == {"KTEDU40": 3000, "KTEDU100": 1000}
    days = {offers.draw_offer([heavy, light], ORDINARY, NOW + n * DAY) for n in range(8)}
    assert days == {heavy, light}
    assert offers.draw_offer([], ORDINARY, NOW) is None


@pytest.mark.parametrize(("hour", "may"), [(7, False), (8, True), (20, True), (21, False)])
def test_unasked_only_by_day(hour: int, may: bool) -> None:
    """Eight to nine."""
    midnight = NOW - 21 * 3600 - 1800
    assert offers.may_push(Recommendations(), midnight + hour * 3600, SHANGHAI) is may


def test_what_becomes_of_recommendations_is_counted(hall: HallWorld) -> None:
    """Shown, and taken once its service is ordered, by whatever way."""
    reader = Reader(hall)
    for text in ("CXTC", "KTEDU40"):
        reader.sends(text)
    assert hall.business_counts.offers == [("KTEDU40", "shown")]
    reader.sends("是")
    assert hall.business_counts.offers == [("KTEDU40", "shown"), ("KTEDU40", "taken")]


def test_an_order_without_a_recommendation_takes_none(hall: HallWorld) -> None:
    """Nor does one long after it, nor another service, nor what was dropped."""
    reader = Reader(hall)
    for text in ("KTEDU40", "是", "QXEDU", "Y"):
        reader.sends(text)
    assert hall.business_counts.offers == []
    reader = Reader(hall, "13800138005")
    for text in ("CXTC", "KTLL10", "是", "KTEDU40", "不"):
        reader.sends(text)
    reader.now += 7 * DAY + 1
    for text in ("KTEDU40", "是"):
        reader.sends(text)
    assert hall.business_counts.offers == [("KTEDU40", "shown")]


def test_who_wants_no_more_of_them_has_refused_it(hall: HallWorld) -> None:
    """Once."""
    reader = Reader(hall)
    for text in ("CXTC", "JSYX", "JSYX"):
        reader.sends(text)
    assert hall.business_counts.offers == [("KTEDU40", "shown"), ("KTEDU40", "refused")]
