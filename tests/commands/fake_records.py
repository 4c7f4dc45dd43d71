"""Ports of commands/model to what is kept or only looked up, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from commands.model.bills import BillLine, Payment, ProviderFee, Rebate
from commands.model.boss_jobs import BossJob
from commands.model.credentials import SentRandomCode
from commands.model.one_time_links import OneTimeLink
from commands.model.recharge_cards import RechargeCard
from commands.model.request import Secret
from commands.model.subscriber_records import SubscriberRecord
from commands.model.tickets import (
    NO_DETAILS,
    ClosedTicket,
    RecentTicket,
    Ticket,
    TicketDetails,
)


@dataclass
class FakeSubscriberRecords:
    by_number: dict[str, SubscriberRecord] = field(default_factory=dict)

    def of(self, msisdn: str) -> SubscriberRecord:
        return self.by_number.get(msisdn, SubscriberRecord())

    def join(self, msisdn: str, group: str, short_number: str) -> None:
        mine = self.of(msisdn)
        self.by_number[msisdn] = replace(mine, group=group, short_number=short_number)

    def by_short_number(self, group: str, short_number: str) -> str | None:
        for number, profile in self.by_number.items():
            if group and (profile.group, profile.short_number) == (group, short_number):
                return number
        return None

    def billed_together(self, joint_account: str) -> Sequence[str]:
        together = {n for n, p in self.by_number.items() if p.joint_account == joint_account}
        return sorted(together) if joint_account else []


@dataclass
class FakeBills:
    lines: dict[tuple[str, int], list[BillLine]] = field(default_factory=dict)
    paid: dict[str, list[Payment]] = field(default_factory=dict)
    fees: dict[tuple[str, int], list[ProviderFee]] = field(default_factory=dict)
    returned: dict[str, list[Rebate]] = field(default_factory=dict)

    def of(self, msisdn: str, month: int) -> Sequence[BillLine]:
        return self.lines.get((msisdn, month), [])

    def payments(self, msisdn: str, since: int) -> Sequence[Payment]:
        return [payment for payment in self.paid.get(msisdn, []) if payment.at >= since]

    def provider_fees(self, msisdn: str, month: int) -> Sequence[ProviderFee]:
        return self.fees.get((msisdn, month), [])

    def rebates(self, msisdn: str, since: int) -> Sequence[Rebate]:
        return [rebate for rebate in self.returned.get(msisdn, []) if rebate.at >= since]


@dataclass
class FakeRegisteredOwners:
    certificates: dict[str, Secret] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    puks: dict[str, Secret] = field(default_factory=dict)

    def holds(self, msisdn: str, certificate: Secret, name: str | None = None) -> bool:
        right = self.certificates.get(msisdn) == certificate
        return right and (name is None or self.names.get(msisdn) == name)

    def certificate_mark(self, certificate: Secret) -> str:
        return f"mark {hash(certificate.reveal()):x}"

    def puk(self, msisdn: str) -> Secret | None:
        return self.puks.get(msisdn)


@dataclass
class FakeAttemptCounts:
    struck: list[tuple[str, str, int]] = field(default_factory=list)

    def count(self, kind: str, key: str, since: int) -> int:
        return sum((k, who) == (kind, key) and at > since for k, who, at in self.struck)

    def last(self, kind: str, key: str) -> int:
        return max((at for k, who, at in self.struck if (k, who) == (kind, key)), default=0)

    def add(self, kind: str, key: str, now: int) -> None:
        self.struck.append((kind, key, now))

    def clear(self, kind: str, key: str) -> None:
        self.struck = [strike for strike in self.struck if strike[:2] != (kind, key)]


@dataclass
class FakeRandomCodes:
    by_number: dict[str, SentRandomCode] = field(default_factory=dict)

    def sent(self, msisdn: str) -> SentRandomCode | None:
        return self.by_number.get(msisdn)

    def keep(self, msisdn: str, code: SentRandomCode) -> None:
        self.by_number[msisdn] = code

    def forget(self, msisdn: str) -> None:
        self.by_number.pop(msisdn, None)


@dataclass
class FakeRechargeCards:
    by_secret: dict[Secret, RechargeCard] = field(default_factory=dict)
    serials: dict[str, Secret] = field(default_factory=dict)

    def find(self, secret: Secret) -> RechargeCard | None:
        return self.by_secret.get(secret)

    def by_serial(self, serial: str) -> RechargeCard | None:
        secret = self.serials.get(serial)
        return self.by_secret[secret] if secret else None

    def redeem(self, secret: Secret, msisdn: str, now: int) -> bool:
        card = self.by_secret.get(secret)
        if card is None or card.state != "good":
            return False
        self.by_secret[secret] = replace(card, state="used")
        return True


@dataclass
class FakeTickets:
    by_phone: dict[str, dict[int, Ticket]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)  # by number
    done_at: dict[str, int] = field(default_factory=dict)
    asked_at: dict[str, int] = field(default_factory=dict)
    scores: dict[str, int] = field(default_factory=dict)
    details: dict[str, TicketDetails] = field(default_factory=dict)

    def open(
        self, kind: str, phone: str, content: str, due_at: int, now: int, id: int,
        recording: str = "", details: TicketDetails = NO_DETAILS,
    ) -> Ticket:  # fmt: skip
        state = "joined" if details.joined_to else "open"
        ticket = Ticket(
            str(id), kind, state, now, due_at, "", details.category, joined_to=details.joined_to
        )
        self.said[ticket.number], self.details[ticket.number] = content, details
        return self.by_phone.setdefault(phone, {}).setdefault(id, ticket)

    def find(self, phone: str, number: str) -> Ticket | None:
        mine = self.by_phone.get(phone, {}).values()
        return next((ticket for ticket in mine if ticket.number == number), None)

    def latest(self, phone: str) -> Ticket | None:
        return next(reversed(self.by_phone.get(phone, {}).values()), None)

    def waiting(self, phone: str) -> Sequence[Ticket]:
        mine = reversed(self.by_phone.get(phone, {}).values())
        return [one for one in mine if not one.over and one.state != "joined"]

    def close(self, number: str, result: str, now: int) -> ClosedTicket | None:
        for phone, mine in self.by_phone.items():
            for id, ticket in mine.items():
                if ticket.number == number and ticket.state != "done":
                    mine[id] = replace(ticket, state="done", result=result)
                    self.done_at[number] = now
                    return ClosedTicket(phone, mine[id])
        return None

    def recent(self, phone: str, kind: str, since: int) -> list[RecentTicket]:
        found = []
        for ticket in reversed(self.by_phone.get(phone, {}).values()):
            done_at = self.done_at.get(ticket.number, 0)
            fresh = not ticket.over or max(ticket.opened_at, done_at) > since
            if ticket.kind == kind and ticket.state != "joined" and fresh:
                found.append(RecentTicket(ticket, self.said[ticket.number], done_at))
        return found

    def reopen(self, phone: str, number: str, why: str, due_at: int, now: int) -> bool:
        for id, ticket in self.by_phone.get(phone, {}).items():
            if ticket.number == number and ticket.state in ("done", "rated"):
                again = replace(ticket, state="reopened", due_at=due_at, result="")
                self.by_phone[phone][id] = again
                self.done_at.pop(number, None)
                return True
        return False

    def asked(self, number: str, now: int) -> None:
        self.asked_at[number] = now

    def rate(self, phone: str, score: int, asked_at: int, now: int) -> bool:
        for id, ticket in self.by_phone.get(phone, {}).items():
            if self.asked_at.get(ticket.number) == asked_at and ticket.state == "done":
                self.by_phone[phone][id] = replace(ticket, state="rated")
                self.scores[ticket.number] = score
                return True
        return False


@dataclass
class FakeOneTimeLinks:
    by_token: dict[Secret, tuple[OneTimeLink, int]] = field(default_factory=dict)

    def issue(self, token: Secret, link: OneTimeLink, until: int, now: int) -> None:
        self.by_token[token] = (link, until)

    def use(self, token: Secret, now: int) -> OneTimeLink | None:
        link, until = self.by_token.pop(token, (None, 0))
        return link if until > now else None


@dataclass
class FakePreferences:
    said: list[tuple[str, str, str, str, int]] = field(default_factory=list)

    def of(self, msisdn: str, name: str) -> str:
        mine = [value for who, what, value, _, _ in self.said if (who, what) == (msisdn, name)]
        return mine[-1] if mine else ""

    def put(self, msisdn: str, name: str, value: str, interface: str, now: int) -> None:
        self.said.append((msisdn, name, value, interface, now))


@dataclass
class FakeBossJobs:
    placed: list[BossJob] = field(default_factory=list)

    def waiting(self, phone: str, action: str) -> bool:
        return any((one.phone, one.action) == (phone, action) for one in self.placed)

    def place(self, job: BossJob) -> str:
        self.placed.append(job)
        return str(job.id)


@dataclass
class FakeBusinessCounts:
    offers: list[tuple[str, str]] = field(default_factory=list)

    def offer(self, code: str, result: str) -> None:
        self.offers.append((code, result))
