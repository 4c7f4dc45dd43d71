"""Published numbers: what each does, in words, and whether it still does what was promised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from menus.model.book import (
    AnswerQuestion,
    Book,
    BookProblem,
    CommandCall,
    CommandEnding,
    DialPath,
    GoTo,
    InputPrompt,
    MenuFilePlace,
    OptionAction,
    Screen,
    name_of,
)
from menus.model.dial_paths import is_path
from menus.model.wording import MenuChannel

_STEPS = 8  # an asking screen leads to another; not for ever


def published_number_problems(book: Book) -> Iterator[BookProblem]:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for path in book.paths.values():
        for what, fix in _path(book, path):
            place: MenuFilePlace = (*path.place, "published") if "promised" in what else path.place
            yield BookProblem(path.file, place, f"{path.dialled} {what}", fix)
        if path.keys and (path.entry, path.keys) in seen:
            yield BookProblem(
                path.file, path.place, f"{path.dialled} stands here twice", "Keep one"
            )
        seen.add((path.entry, path.keys))


def broken_promises(old: Book, new: Book) -> Iterator[BookProblem]:
    """Published numbers that would do something else, though both books promise something. Who
    means it takes the promise out first."""
    for path in new.paths.values():
        was = old.paths.get(path.dialled)
        if was is None or not (was.published and path.published):
            continue
        if was.published != path.published:
            what = f"{path.dialled} is promised to '{was.published}' by the version in force"
            fix = "Undo the change; or publish once without published:, then promise anew"
            yield BookProblem(path.file, (*path.place, "published"), what, fix)


def _path(book: Book, path: DialPath) -> Iterator[tuple[str, str]]:
    if not is_path(path.dialled):
        yield "cannot be dialled", "Write it like *139*1# or *139*4*{card}#"
        return
    if not path.entry:
        starts = ", ".join(book.entries.get(MenuChannel.USSD, {})) or "none yet"
        yield "begins at no entry", f"The entries of ussd are {starts}"
        return
    if path.to and path.to not in book.screens:
        yield f"goes to '{path.to}', which is no screen", "Correct to:"
        return
    does = published_action(book, path)
    if does is None and (name := _unseen(book, path)):
        yield f"goes through '{name}', which must be seen first", "End it there"
    elif does is None:
        yield "leads nowhere: the screens have no such keys", "Correct the keys, or add to:"
    elif name := _unsteady(book, path):
        what = f"was promised, but does something else where '{name}' stands in another order"
        yield what, "Pin the option: pinned: true, or take published: out"
    elif path.published and path.published != does:
        what = f"was promised to '{path.published}', but it would '{does}'"
        yield what, "Undo the change; or, to break the promise, take published: out"


def published_action(book: Book, path: DialPath) -> str | None:
    """What dialling it does, as `published:` has it. None if it leads nowhere."""
    screen = book.screens.get(path.to or book.entries.get(MenuChannel.USSD, {}).get(path.entry, ""))
    if screen is None:
        return None
    done: list[str] = []
    does: OptionAction | None = None
    for key in _typed(path):
        if screen is None or book.must_be_seen(screen):
            return None
        field = key[1:-1] if key.startswith("{") else ""
        does = _pressed(screen, key, field)
        if does is None:
            return None
        if field:
            done.append(f"ask {field}")
        screen = _behind(book, does)
    last = describe(book, does) if does is not None else summary(book, screen)
    return "; ".join([*done, last])


def _unseen(book: Book, path: DialPath) -> str:
    """The screen on which something would be typed before it was seen; empty if there is none."""
    screen = book.screens.get(path.to or book.entries.get(MenuChannel.USSD, {}).get(path.entry, ""))
    for key in _typed(path):
        if screen is None:
            return ""
        if book.must_be_seen(screen):
            return screen.name
        does = _pressed(screen, key, key[1:-1] if key.startswith("{") else "")
        screen = _behind(book, does) if does is not None else None
    return ""


def _unsteady(book: Book, path: DialPath) -> str:
    """The screen on which a key of a published number does not do the same for all."""
    screen = book.screens.get(path.to or book.entries.get(MenuChannel.USSD, {}).get(path.entry, ""))
    for key in _typed(path) if path.published else ():
        if screen is None:
            return ""
        field = key[1:-1] if key.startswith("{") else ""
        does = _pressed(screen, key, field)
        for _, options in screen.versions if not field else ():
            if _pressed(replace(screen, options=options, orders=()), key, "") != does:
                return screen.name
        screen = _behind(book, does) if does is not None else None
    return ""


def _typed(path: DialPath) -> list[str]:
    """What is typed on the screens: keys and {fields}; of a path with `to`, the fields alone."""
    return [key for key in path.keys if key.startswith("{")] if path.to else list(path.keys)


def _pressed(screen: Screen, key: str, field: str) -> OptionAction | None:
    if field:
        collects = screen.collect is not None and screen.collect.field.name == field
        return screen.collect.does if collects and screen.collect else None
    for option in screen.options:
        if option.key == key and MenuChannel.USSD in option.channels:
            return option.does
    return None


def _behind(book: Book, does: OptionAction) -> Screen | None:
    """The screen that the next key is pressed on."""
    match does:
        case GoTo(to):
            screen = book.screens.get(to)
            if screen is not None and screen.run is not None and screen.collect is None:
                return book.screens.get(book.after(screen.run, CommandEnding.OK))
            return screen
        case CommandCall():
            return book.screens.get(book.after(does, CommandEnding.OK))
        case AnswerQuestion():
            return None


def describe(book: Book, does: OptionAction) -> str:
    """What something does, without its words: `run sv.order with service=EDU40`."""
    match does:
        case GoTo(to):
            screen = book.screens.get(to)
            return summary(book, screen) if screen is not None else f"go {to}"
        case CommandCall(run, args):
            given = [n if v == f"{{{n}}}" else f"{n}={v}" for n, v in args]
            return f"run {run} with {', '.join(given)}" if given else f"run {run}"
        case AnswerQuestion(word):
            return f"say {word}"


def summary(book: Book, screen: Screen | None, steps: int = _STEPS) -> str:
    """What arriving at a screen does: what is asked and then run; of a menu, its keys."""
    if screen is None or steps == 0:
        return "…"
    if screen.collect is not None:
        return f"ask {screen.collect.field.name}; {_then(book, screen.collect, steps)}"
    if screen.run is not None:
        return describe(book, screen.run)
    options = [option for option in screen.options if MenuChannel.USSD in option.channels]
    keys = (f"{option.key} {name_of(option.does)}" for option in options)
    return f"show {screen.name} ({', '.join(keys)})" if options else f"show {screen.name}"


def _then(book: Book, collect: InputPrompt, steps: int) -> str:
    match collect.does:
        case GoTo(to) if to in book.screens:
            return summary(book, book.screens[to], steps - 1)
        case None:
            return "answer"
        case does:
            return describe(book, does)
