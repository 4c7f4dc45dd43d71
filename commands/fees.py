"""What services cost somebody: by their brand, by what they have beside, by who else pays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commands.ports import Hall
from commands.records import Profile
from commands.subscribers import account, running
from commands.vocabulary import Request
from tariffs import rules
from tariffs.catalogue import Service


@dataclass(frozen=True, slots=True)
class Fees:
    """Of one subscriber, at one moment."""

    brand: str
    held: tuple[str, ...]  # codes of the services they have
    profile: Profile

    def of(self, service: Service) -> int:
        """Fen a month."""
        return rules.fee(service, self.brand, [*self.held, *self._paid_for(service)])

    def _paid_for(self, service: Service) -> Iterable[str]:
        """Whose group pays for a service has what makes it free."""
        return service.free_with if service.code in self.profile.group_pays else ()


def fees(request: Request, hall: Hall) -> Fees:
    """Raises Refusal if there is no such subscriber."""
    brand = account(request, hall).brand
    held = tuple(subscription.service for subscription in running(request, hall))
    return Fees(brand, held, hall.profiles.of(request.subject))
