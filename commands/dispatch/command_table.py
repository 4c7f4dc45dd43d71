"""Which function answers which action: the one table of commands.

A new command is a file in its area, a row here, its row in conf/commands.yaml, and its texts in
conf/replies with their facts in commands/reply_facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.allowance.allowance import allowance
from commands.allowance.campus_wlan_use import wlan_use
from commands.allowance.data_allowance import data
from commands.bills import detailed_records
from commands.bills.balance import balance
from commands.bills.billing_cycle import cycle
from commands.bills.charges_so_far import fee_now
from commands.bills.credit_limit import credit
from commands.bills.joint_bill import joint_bill
from commands.bills.monthly_bill import bill
from commands.bills.payment_check import payment_check
from commands.bills.payments import payments
from commands.bills.provider_fees import provider_fees
from commands.bills.rebates import rebates
from commands.care import callback, language, open_ticket, satisfaction_rating, sim_replacement
from commands.care.hall_only import hall_only
from commands.care.main_menu import menu
from commands.care.ticket_progress import ticket_progress
from commands.dispatch.command_kinds import ChangeCommand, QueryCommand, ResendCode
from commands.marketing import message_preferences
from commands.number import (
    number_portability,
    points_exchange,
    resume,
    suspend,
    vnet_invite,
    vnet_join,
)
from commands.number.number_region import region
from commands.number.number_status import status
from commands.number.points import points
from commands.number.puk import puk
from commands.number.star_level import star
from commands.number.subscriber_record import profile
from commands.number.vnet import short_number, vpmn
from commands.password import change_password, random_password, reset_password
from commands.password.password_checked import password_checked
from commands.plans import change_plan
from commands.plans.current_plan import plan
from commands.plans.price_card import tariff_card
from commands.recharge import recharge
from commands.recharge.card_check import card_check
from commands.services import (
    balance_reminder,
    call_forwarding,
    cancel_from_list,
    cancel_service,
    change_service,
    choose_service,
    group_tone,
    order_service,
)
from commands.services.ordered_services import services

_ORDER: Final = ChangeCommand(
    order_service.carry_out, order_service.propose, order_service.terms, at_boss=True
)
_CANCEL: Final = ChangeCommand(
    cancel_service.carry_out, cancel_service.propose, gives_up=True, at_boss=True
)

ACTIONS: Final[Mapping[str, QueryCommand | ChangeCommand | ResendCode]] = {
    # bills
    "q.balance": QueryCommand(balance),
    "q.fee_now": QueryCommand(fee_now),
    "q.bill": QueryCommand(bill),
    "q.bill_now_joint": QueryCommand(joint_bill),
    "q.credit": QueryCommand(credit),
    "q.payments": QueryCommand(payments),
    "q.payment_check": QueryCommand(payment_check),
    "q.sp_fee": QueryCommand(provider_fees),
    "q.rebate": QueryCommand(rebates),
    "q.cycle": QueryCommand(cycle),
    "q.detail": ChangeCommand(
        detailed_records.carry_out, detailed_records.propose, detailed_records.terms, counted=True
    ),
    # allowance
    "q.allowance": QueryCommand(allowance),
    "q.data": QueryCommand(data),
    "q.wlan": QueryCommand(wlan_use),
    # recharge
    "rc.self": ChangeCommand(recharge.own, allowed=recharge.allowed, at_boss=True),
    "rc.other": ChangeCommand(recharge.others, recharge.read_back, at_boss=True),
    "q.card": QueryCommand(card_check, at_boss=True),
    # services
    "q.services": QueryCommand(services),
    "sv.choices": QueryCommand(choose_service.choices),
    "sv.order": _ORDER,
    "sv.cancel": _CANCEL,
    "sv.change": ChangeCommand(
        change_service.carry_out, change_service.propose, change_service.terms, at_boss=True
    ),
    "sv.order.data": _ORDER,
    "sv.cancel.data": _CANCEL,
    "sv.order.sms": _ORDER,
    "sv.cancel.sms": _CANCEL,
    "sv.order.tone": _ORDER,
    "sv.cancel.tone": _CANCEL,
    "sv.order.display": _ORDER,
    "sv.cancel.display": _CANCEL,
    "sv.order.abroad": _ORDER,
    "sv.cancel.abroad": _CANCEL,
    "sv.order.mail": _ORDER,
    "sv.cancel.mail": _CANCEL,
    "sv.overdraft": _ORDER,
    "sv.overdraft.off": _CANCEL,
    "sv.forward": ChangeCommand(
        call_forwarding.carry_out,
        call_forwarding.propose,
        undone_by="sv.forward.off",
        at_boss=True,
    ),
    "sv.forward.off": ChangeCommand(
        call_forwarding.end, cancel_service.propose, gives_up=True, at_boss=True
    ),
    "sv.reminder": ChangeCommand(
        balance_reminder.carry_out,
        balance_reminder.propose,
        undone_by="sv.reminder.off",
        at_boss=True,
    ),
    "sv.reminder.off": _CANCEL,
    "un.list": QueryCommand(cancel_from_list.both_lists),
    "un.pick": ChangeCommand(
        cancel_from_list.carry_out,
        cancel_from_list.propose,
        gives_up=True,
        from_list=True,
        at_boss=True,
    ),
    # plans
    "q.plan": QueryCommand(plan),
    "info.tariff": QueryCommand(tariff_card),
    "sv.plan_choices": QueryCommand(change_plan.choices),
    "sv.plan_change": ChangeCommand(
        change_plan.carry_out,
        change_plan.propose,
        change_plan.terms,
        undone_by="sv.plan_undo",
        at_boss=True,
    ),
    "sv.plan_undo": ChangeCommand(
        change_plan.undo, change_plan.propose_undo, protects=True, at_boss=True
    ),
    # password
    "pw.check": QueryCommand(password_checked),
    "pw.change": ChangeCommand(
        change_password.carry_out,
        checks={"new": change_password.check_new, "again": change_password.check_again},
        protects=True,
    ),
    "pw.random": ChangeCommand(random_password.carry_out, random_password.propose, protects=True),
    "pw.reset": ChangeCommand(
        reset_password.carry_out,
        checks={
            "certificate": reset_password.check_certificate,
            "new": change_password.check_new,
            "again": change_password.check_again,
        },
        allowed=reset_password.allowed,
        protects=True,
    ),
    "otp.send": ResendCode(),
    # number
    "q.status": QueryCommand(status),
    "q.profile": QueryCommand(profile),
    "q.points": QueryCommand(points),
    "q.star": QueryCommand(star),
    "q.vpmn": QueryCommand(vpmn),
    "q.short_number": QueryCommand(short_number),
    "q.region": QueryCommand(region),
    "q.puk": QueryCommand(puk),
    "st.suspend": ChangeCommand(
        suspend.carry_out, suspend.propose, allowed=suspend.allowed, protects=True, at_boss=True
    ),
    "st.resume": ChangeCommand(
        resume.carry_out, resume.propose, allowed=resume.allowed, at_boss=True
    ),
    "sv.vpmn_join": ChangeCommand(vnet_join.carry_out, vnet_join.propose, vnet_join.terms),
    "vw.invite": ChangeCommand(vnet_invite.invite),
    "gp.tone": ChangeCommand(
        group_tone.carry_out, group_tone.propose, group_tone.terms, at_boss=True
    ),
    "pt.choices": QueryCommand(points_exchange.choices),
    "pt.exchange": ChangeCommand(
        points_exchange.carry_out,
        points_exchange.propose,
        points_exchange.terms,
        allowed=points_exchange.allowed,
        at_boss=True,
    ),
    "np.query": QueryCommand(number_portability.query),
    "np.reasons": QueryCommand(number_portability.reasons),
    "np.auth_code": ChangeCommand(number_portability.authorise),
    # care
    "menu.main": QueryCommand(menu),
    "info.hall_only": QueryCommand(hall_only),
    "lang.set": ChangeCommand(language.carry_out),
    "q.ticket": QueryCommand(ticket_progress),
    "tk.complaint": ChangeCommand(open_ticket.complaint),
    "tk.suggestion": ChangeCommand(open_ticket.suggestion),
    "tk.fault": ChangeCommand(open_ticket.fault),
    "tk.spam": ChangeCommand(open_ticket.spam),
    "tk.repair": ChangeCommand(open_ticket.repair),
    "tk.sim": ChangeCommand(sim_replacement.carry_out, sim_replacement.propose),
    "hu.callback": ChangeCommand(callback.carry_out, callback.propose, protects=True),
    "fb.rate": ChangeCommand(satisfaction_rating.rate),
    "fb.stop": ChangeCommand(satisfaction_rating.stop, protects=True),
    # marketing
    "consent.off": ChangeCommand(message_preferences.stop_offers, protects=True),
    "consent.on": ChangeCommand(message_preferences.allow_offers),
    "charges.on": ChangeCommand(message_preferences.start_charge_reminders),
    "charges.off": ChangeCommand(message_preferences.stop_charge_reminders, protects=True),
    "reminders.on": ChangeCommand(message_preferences.allow_reminders),
    "reminders.off": ChangeCommand(message_preferences.stop_reminders, protects=True),
    "reminders.start": ChangeCommand(message_preferences.start_kind),
    "reminders.stop": ChangeCommand(message_preferences.stop_kind, protects=True),
}
READING: Final = frozenset(
    name for name, action in ACTIONS.items() if isinstance(action, QueryCommand)
)
