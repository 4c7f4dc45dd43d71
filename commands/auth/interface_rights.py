"""What may be done from an interface (接口编号), when, and by whom. A request without an origin is
refused."""

from __future__ import annotations

from datetime import tzinfo

from commands.model.daily_hours import ALWAYS, minute_of_day
from commands.model.interfaces import Interface, InterfaceRegistry
from commands.model.request import CommandSpec, Refusal
from commands.model.settings import HallSettings


def registered_interface(number: str, operator: str, registry: InterfaceRegistry) -> Interface:
    """The interface a request came in by. Raises Refusal if it has no origin, or nobody who
    answers for it."""
    interface = registry.get(number)
    if interface is None:
        raise Refusal("sys.origin")
    if interface.operators is not None and operator not in interface.operators:
        raise Refusal("sys.operator")
    return interface


def check_interface_rights(
    interface: Interface, spec: CommandSpec, settings: HallSettings, now: int, zone: tzinfo
) -> None:
    """Raises Refusal if the operation is not done from there, or not at this hour.

    An operation whose own window is the whole day is open whatever the interface's hours are: a
    stolen phone is reported at night."""
    if interface.operations is not None and spec.operation not in interface.operations:
        raise Refusal("sys.channel", {"name": spec.name})
    window = settings.windows.get(spec.operation)
    _check_closed(spec, settings, now, by_day_and_night=window == ALWAYS)
    if window == ALWAYS:
        return
    for allowed in (window, interface.hours):
        if allowed is None or allowed == ALWAYS:
            continue
        if not allowed.at(minute_of_day(now, zone)):
            raise Refusal("sys.window", {"name": spec.name, "hours": str(allowed)})


def _check_closed(
    spec: CommandSpec, settings: HallSettings, now: int, *, by_day_and_night: bool
) -> None:
    """What is done day and night is closed by its name only. Raises Refusal."""
    for closed in settings.closed:
        named = spec.operation in closed.operations
        if by_day_and_night and not named:
            continue
        if closed.concerns(spec.operation, reads_only=spec.reads_only, now=now):
            facts = {"name": spec.name, "says": closed.says, "until": closed.ends}
            raise Refusal("sys.closed", facts)
