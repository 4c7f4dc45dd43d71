"""A draft from its sides: what it changes for subscribers, how it goes out by three channels, its
menus as a picture with their use."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from markupsafe import Markup

from commands.model.request import Channel
from gateway.api.edition_models import ChangesTold, ChangeTold, Comparison
from gateway.api.guard import Runs
from gateway.api.problems import Problem
from gateway.api.routes import drafts, editions
from gateway.api.routes.editions import READ
from gateway.config.checked_yaml import BadFile
from gateway.console.pages import Outcome, Pages, ShownPage, Visit, Words
from gateway.console.screens.drafts import number_of, people_of, title_of
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.previewing import EditionPreview, ShownText
from gateway.model.editions.edition_draft import EditionDraft
from gateway.serving.beside.rehearsal import rehearsal
from gateway.store.editions.usage import SqlUsage
from menus.model.wording import LANGUAGES, MenuChannel
from menus.tools.drawing import picture
from menus.tools.menu_use import ScreenUse, use_of

pages: Final = Pages()
_WALKS: Final = 200  # recorded walks that are walked again
_CHANNELS: Final = tuple(channel.value for channel in MenuChannel)


@pages.get("/conf/drafts/{number:notice}/difference", READ, Runs.ITSELF)
def draft_difference(visit: Visit) -> Outcome:
    draft = drafts.found_draft(visit.act, number_of(visit))
    form = Comparison(base=draft.base, files=draft.changed, recorded=_WALKS)
    at = f"/conf/drafts/{draft.number}"
    return _difference(visit, form, title_of(draft), at)


@pages.get("/conf/versions/{version:version}/difference", READ, Runs.ITSELF)
def version_difference(visit: Visit) -> Outcome:
    version = visit.path("version")
    form = Comparison(base=version, recorded=_WALKS)
    return _difference(
        visit, form, Words(f"版本 {version}", f"Version {version}"), f"/conf/versions/{version}"
    )


def _difference(visit: Visit, form: Comparison, title: Words, back: str) -> ShownPage:
    told: ChangesTold = editions.compare_draft(visit.act, form)
    subjects: dict[str, list[ChangeTold]] = {}
    for one in told.changes:
        subjects.setdefault(one.subject, []).append(one)
    values = {"told": told, "subjects": subjects, "back": back}
    head = Words(f"对用户的影响 · {title.zh}", f"What changes · {title.en}")
    return ShownPage("difference.html", head, values)


@pages.get("/conf/drafts/{number:notice}/preview", READ, Runs.ITSELF)
def preview_page(visit: Visit) -> Outcome:
    draft, snapshot = _read(visit)
    place = visit.whole("who")
    language = visit.query("language") if visit.query("language") in LANGUAGES else LANGUAGES[0]
    screen, text, now = visit.query("screen"), visit.query("text"), moment_of(visit)
    screens = list(snapshot.menus.book.screens)
    if not screen and not text:
        screen = screens[0] if screens else ""
    shown = _screens(visit, snapshot.at(now), screen, place, language, now) if screen else []
    answers = _answers(visit, snapshot, text, place, language, now) if text else []
    values: dict[str, Any] = {
        "draft": draft, "people": people_of(visit), "who": place, "language": language,
        "screen": screen, "text": text, "at": visit.query("at"), "screens": screens,
        "shown": {one.channel: one for one in shown}, "answers": answers, "channels": _CHANNELS,
    }  # fmt: skip
    head = Words(f"预览 · 草稿 {draft.number} {draft.name}", f"Preview · draft {draft.number}")
    return ShownPage("draft_preview.html", head, values)


@pages.get("/conf/drafts/{number:notice}/picture", READ, Runs.ITSELF)
def picture_page(visit: Visit) -> Outcome:
    draft, snapshot = _read(visit)
    channel = MenuChannel(visit.query("channel") if visit.query("channel") in _CHANNELS else "ussd")
    book = snapshot.menus.book
    with visit.act.store.reading() as connection:
        totals = SqlUsage(connection).totals(visit.act.now)
    use = use_of(book, channel, {w: each.get(channel.value, 0) for w, each in totals.items()})
    files = snapshot.menus.screens_at()
    drawn = picture(
        book, channel, LANGUAGES[0], {name: _told(visit, one) for name, one in use.items()},
        lambda name: _link(draft, files.get(name)),
    )  # fmt: skip
    values: dict[str, Any] = {
        "draft": draft, "channel": channel.value, "channels": _CHANNELS, "drawn": Markup(drawn),
        "use": sorted(use.items(), key=lambda one: -one[1].seen)[:15],
    }  # fmt: skip
    head = Words(f"菜单图 · 草稿 {draft.number} {draft.name}", f"The menus · draft {draft.number}")
    return ShownPage("draft_picture.html", head, values)


def moment_of(visit: Visit) -> int:
    """That somebody wants to see it at, by the clock of the hall; now, if he does not say. Raises
    Problem."""
    written = visit.query("at") or visit.field("at")
    if not written:
        return visit.act.now
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise Problem(422, "a moment is written like 2026-11-29T22:00") from None
    return drafts.moment_of(visit.act, at.replace(tzinfo=None))


def _read(visit: Visit) -> tuple[EditionDraft, HallSnapshot]:
    draft = drafts.found_draft(visit.act, number_of(visit))
    return draft, editions.read_draft(visit.act, drafts.asked(draft)).snapshot


def _screens(
    visit: Visit, snapshot: HallSnapshot, screen: str, place: int, language: str, now: int
) -> list[ShownText]:
    who = drafts.persona_of(visit.act, snapshot, place).account if place else None
    seen = EditionPreview(snapshot, now, languages=[language], names=[screen], who=who)
    return seen.shown(screen)


def _answers(
    visit: Visit, snapshot: HallSnapshot, text: str, place: int, language: str, now: int
) -> list[tuple[str, list[Any]]]:
    """To a text, by each channel; nothing of it is kept."""
    act = visit.act
    who = drafts.persona_of(act, snapshot, place or 1).account.msisdn
    sample = act.context.settings.model_copy(update={"conf": act.context.conf.own})
    try:
        with rehearsal(sample, snapshot, who, now) as hall:
            return [
                (channel, hall.answers(text, Channel(channel), language)) for channel in _CHANNELS
            ]
    except BadFile as bad:
        raise Problem(409, f"the sample does not fit: {bad.findings[0]}") from None


def _told(visit: Visit, use: ScreenUse) -> str:
    left = f" · {use.left_share:.0%}↯" if use.left_share is not None else ""
    return f"{use.seen:,}{left}"


def _link(draft: EditionDraft, place: tuple[str, int] | None) -> str:
    if place is None:
        return ""
    name, line = place
    return f"/conf/drafts/{draft.number}/file?name=menus/{name}&line={line}"
