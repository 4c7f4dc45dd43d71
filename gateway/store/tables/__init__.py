"""The tables, by subject; all in one MetaData."""

from __future__ import annotations

from gateway.store.tables.call_backs import call_backs
from gateway.store.tables.cluster import leases, members, slot_changes
from gateway.store.tables.columns import metadata
from gateway.store.tables.doors import door_requests, interface_keys, interfaces
from gateway.store.tables.figures import (
    calls,
    figure_texts,
    figures_by_day,
    figures_by_hour,
    figures_counted,
    inbox_details,
)
from gateway.store.tables.hall import (
    UNSETTLED,
    codes,
    errands,
    links,
    meta,
    orders,
    preferences,
    strikes,
)
from gateway.store.tables.lists import (
    list_entries,
    list_import_lines,
    list_imports,
    list_types,
)
from gateway.store.tables.menus import (
    menu_decisions,
    menu_editions,
    menu_records,
    menu_use,
)
from gateway.store.tables.messages import (
    HANDED,
    WAITING,
    binds,
    dialogues,
    fragments,
    inbox,
    outbox,
    receipts,
)
from gateway.store.tables.notices import notice_numbers, notice_people, notices
from gateway.store.tables.operators import (
    api_answers,
    audit,
    lookups,
    operator_sessions,
    operators,
)
from gateway.store.tables.reminders import boss_events, reminder_marks, reminders
from gateway.store.tables.subscribers import (
    bill_lines,
    cards,
    detailed_records,
    ledger,
    password_tries,
    payments,
    profiles,
    provider_fees,
    rebates,
    subscribers,
    subscriptions,
    usage,
)
from gateway.store.tables.tickets import (
    LIVE,
    TO_BOSS,
    ticket_news,
    ticket_promises,
    ticket_steps,
    tickets,
)
from gateway.store.tables.unasked import unasked, unasked_stops

__all__ = [
    "HANDED",
    "LIVE",
    "TO_BOSS",
    "UNSETTLED",
    "WAITING",
    "api_answers",
    "audit",
    "bill_lines",
    "binds",
    "boss_events",
    "call_backs",
    "calls",
    "cards",
    "codes",
    "detailed_records",
    "dialogues",
    "door_requests",
    "errands",
    "figure_texts",
    "figures_by_day",
    "figures_by_hour",
    "figures_counted",
    "fragments",
    "inbox",
    "inbox_details",
    "interface_keys",
    "interfaces",
    "leases",
    "ledger",
    "links",
    "list_entries",
    "list_import_lines",
    "list_imports",
    "list_types",
    "lookups",
    "members",
    "menu_decisions",
    "menu_editions",
    "menu_records",
    "menu_use",
    "meta",
    "metadata",
    "notice_numbers",
    "notice_people",
    "notices",
    "operator_sessions",
    "operators",
    "orders",
    "outbox",
    "password_tries",
    "payments",
    "preferences",
    "profiles",
    "provider_fees",
    "rebates",
    "receipts",
    "reminder_marks",
    "reminders",
    "slot_changes",
    "strikes",
    "subscribers",
    "subscriptions",
    "ticket_news",
    "ticket_promises",
    "ticket_steps",
    "tickets",
    "unasked",
    "unasked_stops",
    "usage",
]
