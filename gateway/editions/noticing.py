"""Of all that changes, what one subscriber can notice."""

from __future__ import annotations

from collections.abc import Iterator

from commands.model.accounts import SubscriberAccount
from gateway.editions.differences.all_changes import ReadEdition, all_changes
from gateway.editions.differences.conf_change import ConfChange
from gateway.editions.previewing import EditionPreview


def noticed(
    old: ReadEdition, new: ReadEdition, who: SubscriberAccount | None, now: int
) -> Iterator[ConfChange]:
    """By one subscriber, of menus his own screens; by nobody in particular, everything."""
    if who is None:
        yield from all_changes(old, new)
        return
    for change in all_changes(old, new):
        if change.subject != "menus" and change.concerns(who.brand, who.language):
            yield change
    were, are = (
        EditionPreview(each.snapshot, now, languages=(who.language,), who=who).by_screen()
        for each in (old, new)
    )
    for name in dict.fromkeys([*were, *are]):
        if were.get(name) != are.get(name):
            was, now_is = were.get(name, ""), are.get(name, "")
            yield ConfChange("menus", name, was, now_is, language=who.language)
