"""What operations people wrote, ready to serve: swapped as a whole, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from commands.register import Register
from gateway import conf
from gateway.conversation import Conversation
from gateway.settings import Settings
from tariffs.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Book:
    register: Register
    catalogue: Catalogue
    conversation: Conversation
    confirm_ports: frozenset[str]  # service numbers at which Y and 1 also say 是


def open_book(settings: Settings) -> Book:
    """Everything under conf/, read and checked. Raises BadFile with every mistake found."""
    service = settings.service
    read = conf.load(settings.conf, signature=service.signature, zone=ZoneInfo(service.timezone))
    conversation = Conversation(read.register, read.words)
    return Book(read.register, read.catalogue, conversation, frozenset([service.confirm_port]))
