"""A screen as it is seen or heard: lines cut into USSD pages that fit, or all in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, count
from typing import Final

from menus.model.book import Book, Option, Screen
from menus.model.conditions import MenuUser
from menus.model.text_size import fits_ussd
from menus.model.wording import MenuChannel, filled

_GOOD_ENDS: Final = "。;;,,.、 \n"
_AMOUNT: Final = frozenset("0123456789.,")
_LOOK_BACK: Final = 12  # characters in which a good end is looked for
_NUMBERS: Final = frozenset("123456789")
NEXT: Final = "9"  # turns to the next page of USSD
_LEAVE: Final = "0"
_NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class View:
    """All that a screen says to one caller. `body` may be cut anywhere, `options` between."""

    body: str
    options: tuple[str, ...]
    close: str
    next: str
    back: str
    also: tuple[str, ...] = ()  # on voice: the keys that work everywhere
    live: tuple[Option, ...] = ()  # what can be chosen, with the keys that choose it


@dataclass(frozen=True, slots=True)
class Page:
    """One page of USSD; `options` are the places of those of its view that stand on it."""

    text: str
    options: frozenset[int] = frozenset()


class _Over(Mapping[str, str]):
    """Some facts over others, of which none is looked at before a text names it."""

    __slots__ = ("_facts", "_others")

    def __init__(self, facts: Mapping[str, str], others: Mapping[str, str]) -> None:
        self._facts = facts
        self._others = others

    def __getitem__(self, name: str) -> str:
        return self._facts[name] if name in self._facts else self._others[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._others, **self._facts})

    def __len__(self) -> int:
        return len({**self._others, **self._facts})


def live(screen: Screen, channel: MenuChannel, language: str, caller: MenuUser
         ) -> list[Option]:  # fmt: skip
    """The options that are there for this caller. Among the numbers of a list there is none that
    has a number too."""
    return [
        option
        for option in screen.options_for(caller, language)
        if channel in option.channels
        and option.when.holds(caller, language)
        and not (screen.pick and option.key in _NUMBERS)
    ]


def view(
    book: Book,
    screen: Screen,
    channel: MenuChannel,
    language: str,
    caller: MenuUser,
    facts: Mapping[str, str],
    *,
    deep: bool,
    before: str = "",
    offer: str = "",
    sent: bool = False,
    human: bool = True,
) -> View:
    """`deep`: there is a screen to go back to. `before`: what is announced. `facts` go over the
    caller's. `sent`: by SMS too. `human`: a person is offered, if the screen offers one."""
    options = live(screen, channel, language, caller)

    def seen(options: Sequence[Option]) -> View:
        return _view(
            book, screen, options, channel, language, _Over(facts, caller.known(language)),
            deep=deep, before=before, offer=offer, sent=sent, human=human,
        )  # fmt: skip

    found = seen(options)
    if (
        any(o.key == NEXT for o in options)
        and channel is MenuChannel.USSD
        and len(paged(found)) > 1
    ):
        return seen(_beside_paging(options))
    return found


def _beside_paging(options: Sequence[Option]) -> list[Option]:
    """Where pages are turned, no option has the key that turns them."""
    taken = {option.key for option in options}
    free = next(key for key in map(str, chain(range(1, 9), count(10))) if key not in taken)
    return [replace(option, key=free) if option.key == NEXT else option for option in options]


def _view(
    book: Book,
    screen: Screen,
    options: Sequence[Option],
    channel: MenuChannel,
    language: str,
    known: Mapping[str, str],
    *,
    deep: bool,
    before: str,
    offer: str,
    sent: bool,
    human: bool,
) -> View:
    def phrase(name: str) -> str:
        wording = book.phrases.get(name)
        return wording.say(channel, language, _NOTHING) if wording else ""

    form, written = book.option_form(channel, language), channel is not MenuChannel.VOICE

    def line(option: Option) -> str:
        label = option.label.say(channel, language, known)
        return _line(form, option.key, label, written) if label else ""

    body = before + screen.say.say(channel, language, known)
    if sent and channel is MenuChannel.VOICE:
        body += (" " if language == "en" else "") + phrase("by_sms")
    close = screen.close.say(channel, language, known) + offer
    waits = screen.waits(channel)
    taken = {option.key for option in options} | ({"9"} if screen.pick else set())
    back_key = "*" if channel is MenuChannel.VOICE else "0"
    back = ""
    if waits and back_key not in taken and (screen.back or not deep):
        back = phrase("back") if deep else phrase("exit")
    listed, leaving = list(options), list[Option]()
    if channel is MenuChannel.USSD:  # what leaves a screen stands on each of its pages
        leaving = [option for option in options if option.key == _LEAVE]
        listed = [option for option in options if option.key != _LEAVE]
        back = _joined([line(option) for option in leaving]) or back
    person = phrase("human") if book.human and screen.human and human else ""
    also = _everywhere(phrase("again"), person, taken) if waits else ()
    return View(
        body,
        tuple(map(line, listed)),
        close,
        phrase("next"),
        back,
        also if channel is MenuChannel.VOICE else (),
        (*listed, *leaving),
    )


@lru_cache(maxsize=8192)
def _line(form: str, key: str, label: str, written: bool) -> str:
    """1:40小时, for 140小时 would be another number."""
    between = ":" if written and label[:1].isdigit() else ""
    return filled(form, {"key": key + between, "label": label})


def _everywhere(again: str, human: str, taken: set[str]) -> tuple[str, ...]:
    said = [again] if "9" not in taken else []
    if human and "0" not in taken:
        said.append(human)
    return tuple(said)


def spoken(view: View, channel: MenuChannel, language: str) -> str:
    """In one piece: for the ear, or as the text of a short message."""
    if channel is MenuChannel.VOICE:
        gap = " " if language == "en" else ""
        parts = [view.body, *view.options, view.close, view.back, *view.also]
        return gap.join(part.strip() if gap else part for part in parts if part)
    options = " ".join(filter(None, view.options))
    tail = f" {view.back}" if view.back else ""
    gap = " " if language == "en" and view.body and options else ""
    return f"{view.body.rstrip() if gap else view.body}{gap}{options}{view.close}{tail}".strip()


def pages(view: View) -> tuple[str, ...]:
    """As USSD pages: each fits, and has its own lines for next and back."""
    return tuple(page.text for page in paged(view))


def paged(view: View) -> tuple[Page, ...]:
    """The pages, and what can be chosen on each."""
    return _pages(view.body, view.options, view.close, view.next, view.back)


@lru_cache(maxsize=8192)
def _pages(
    body: str, options: tuple[str, ...], close: str, next_: str, back: str
) -> tuple[Page, ...]:
    rest = [(body, _CUTTABLE), *((option, at) for at, option in enumerate(options))]
    rest = [(text, at) for text, at in (*rest, (close, _CUTTABLE)) if text]
    done: list[Page] = []
    while True:
        last = _joined([text for text, _ in rest], back)
        if fits_ussd(last):
            return (*done, _page(last, rest))
        text, left = _one_page(rest, (next_, back))
        done.append(_page(text, rest[: len(rest) - len(left)] or rest[:1]))
        rest = left


def _page(text: str, lines: ScreenLines) -> Page:
    return Page(text, frozenset(at for _, at in lines if at != _CUTTABLE))


_CUTTABLE: Final = -1
ScreenLines = list[tuple[str, int]]  # and which option a line is; -1: none, and it may be cut


def _one_page(rest: ScreenLines, nav: Sequence[str]) -> tuple[str, ScreenLines]:
    """As many lines as fit above the keys, and what is left. Always takes something."""
    taken: list[str] = []
    for at, (text, option) in enumerate(rest):
        if fits_ussd(_joined([*taken, text], *nav)):
            taken.append(text)
            continue
        if option == _CUTTABLE or not taken:
            # a line that no page could hold is cut, whatever it is
            head = longest_head(text, [*taken], nav) or ("" if taken else text[:1])
            if head:
                left = text[len(head) :].lstrip("\n ")
                return _joined([*taken, head.rstrip("\n")], *nav), [
                    (left, option),
                    *rest[at + 1 :],
                ]
        return _joined(taken, *nav), rest[at:]
    return _joined(taken, *nav), []


def longest_head(text: str, before: Sequence[str], after: Sequence[str]) -> str:
    """The longest beginning of a text that fits between other lines, ending well if it can."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fits_ussd(_joined([*before, text[:middle]], *after)):
            low = middle
        else:
            high = middle - 1
    head = text[:low]
    if low == len(text):
        return head
    line = low if text[low] == "\n" else head.rfind("\n")
    if 2 * line >= low:  # a list is cut between its lines, if a page does not lose half of itself
        return head[:line]
    for end in range(low, low - min(_LOOK_BACK, low - 1), -1):
        if text[end - 1] in _GOOD_ENDS and not _in_amount(text, end):
            return head[:end]
    ends = range(low, low - min(_LOOK_BACK, low - 1), -1)
    return head[: next((end for end in ends if not _in_amount(text, end)), low)]


def _in_amount(text: str, at: int) -> bool:
    """Whether a cut there goes through 1,000.50."""
    return text[at - 1] in _AMOUNT and text[at] in _AMOUNT


def abridged(view: View, note: str) -> str:
    """One page of an answer that is too long for a phone: its beginning, and where the rest is."""
    tail = [note, *filter(None, view.options), view.back]
    return _joined([longest_head(view.body, (), tail)], *tail)


def above(texts: Iterable[str], channel: MenuChannel, language: str) -> str:
    """Texts as they stand before a screen's own."""
    end = "\n" if channel is MenuChannel.USSD else " " if language == "en" else ""
    return "".join(text.rstrip() + end for text in texts if text)


def _joined(lines: Sequence[str], *nav: str) -> str:
    return "\n".join(line for line in (*lines, *nav) if line)


def corrected(page: str, *notes: str) -> str:
    """The page with the first note above it that leaves it whole."""
    for note in notes:
        if note and fits_ussd(text := f"{note}\n{page}"):
            return text
    return page
