"""The tables, by subject; all in one MetaData."""

from __future__ import annotations

from gateway.store.tables.cluster import leases, members, slot_changes
from gateway.store.tables.columns import metadata
from gateway.store.tables.hall import (
    UNSETTLED,
    codes,
    errands,
    links,
    meta,
    orders,
    preferences,
    strikes,
    tickets,
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
from gateway.store.tables.operators import (
    api_answers,
    audit,
    lookups,
    operator_sessions,
    operators,
)
from gateway.store.tables.subscribers import (
    bill_lines,
    cards,
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

__all__ = [
    "HANDED",
    "UNSETTLED",
    "WAITING",
    "api_answers",
    "audit",
    "bill_lines",
    "binds",
    "cards",
    "codes",
    "dialogues",
    "errands",
    "fragments",
    "inbox",
    "leases",
    "ledger",
    "links",
    "lookups",
    "members",
    "menu_decisions",
    "menu_editions",
    "menu_records",
    "menu_use",
    "meta",
    "metadata",
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
    "slot_changes",
    "strikes",
    "subscribers",
    "subscriptions",
    "tickets",
    "usage",
]
