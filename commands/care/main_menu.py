"""CD: the hall's main menu, a numbered list, and behind each number the codes of that area."""

from __future__ import annotations

from typing import Final

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request

AREAS: Final = 8  # 1 bills, 2 allowance, 3 recharge, 4 services, 5 password, 6 points, 7 tickets, 8


def menu(request: Request, hall: Hall) -> Reply:
    area = request.args.get("area")
    if area is None:
        return Reply("menu.main", {"brand": _brand(request, hall)}, opens=_numbers())
    if not 1 <= int(str(area)) <= AREAS:
        raise Refusal("un.bad_no", {"number": str(area)})
    return Reply(f"menu.area.{area}")


def _numbers() -> tuple[str, ...]:
    return tuple(f"CD#{area}" for area in range(1, AREAS + 1))


def _brand(request: Request, hall: Hall) -> str:
    account = hall.accounts.find(request.subject)
    brand = hall.catalogue.brands.get(account.brand) if account else None
    return brand.name if brand else ""
