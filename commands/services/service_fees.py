"""What services cost a subscriber: by brand, by what else they have, by whether another pays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commands.model.hall import Hall
from commands.model.request import Request
from commands.model.subscriber_lookup import account, running
from commands.model.subscriber_records import SubscriberRecord
from tariffs import rules
from tariffs.catalogue import Service


@dataclass(frozen=True, slots=True)
class ServiceFees:
    """Of one subscriber, at one moment."""

    brand: str
    held: tuple[str, ...]  # codes of the services they have
    profile: SubscriberRecord

    def of(self, service: Service) -> int:
        """Fen a month."""
        return rules.fee(service, self.brand, [*self.held, *self._paid_for(service)])

    def _paid_for(self, service: Service) -> Iterable[str]:
        """Whose group pays for a service has what makes it free."""
        return service.free_with if service.code in self.profile.group_pays else ()


def service_fees(request: Request, hall: Hall) -> ServiceFees:
    """Raises Refusal if there is no such subscriber."""
    brand = account(request, hall).brand
    held = tuple(subscription.service for subscription in running(request, hall))
    return ServiceFees(brand, held, hall.records.of(request.subject))
