"""A small book with one screen of each kind, for tests that walk it."""

from __future__ import annotations

from dataclasses import replace

from menus.model.book import Book
from tests.menus.books import book_of

BOOK = book_of("""
entries:
  ussd: {"*139#": hall}
  voice: {"10086": hall}
  sms: {CD: hall}
human: desk
redial: go_on
limits: {wrong: 3, after_wrong: {voice: desk}}
endings: {ok: shown, refused: shown, confirm: confirm, password: ask, list: listed, late: end}
fields:
  number: {kind: msisdn, own: "#"}
  card: {kind: card}
  password: {kind: password}
screens:
  hall:
    say: {zh: "{brand}营业厅", en: "{brand} hall"}
    options:
      - {key: 1, label: {zh: 余额, en: Balance}, run: q.balance}
      - {key: 2, label: {zh: 充值, en: Recharge}, to: number}
      - {key: 3, label: {zh: 更多, en: More}, to: more}
      - {key: 4, label: {zh: 英文, en: English}, to: hall, language: en, name: english}
      - {key: 5, label: {zh: 专席, en: Desk}, to: human, when: {star: 4}}
      - {key: 6, label: {zh: 套餐, en: Pack}, run: sv.order, with: {service: EDU40}, on: {ok: done}}
  number:
    say: {zh: 请输入号码, en: Number}
    collect: number
    to: card
  card:
    say: {zh: "为{number}输入卡密", en: "Card for {number}"}
    collect: card
    tries: 2
    run: rc.other
    with: {subject: "{number}", card: "{card}"}
  more:
    say: {zh: 更多, en: More}
    options:
      - {key: 1, label: {zh: 退订, en: Unsubscribe}, run: un.list}
      - {key: 9, label: {zh: 资费, en: Tariff}, to: tariff, channels: [ussd]}
  tariff: {say: {zh: 校内一元校外两元。, en: One yuan here and two there.}}
  shown: {say: "{result}", end: [sms]}
  done: {say: {zh: 已受理。, en: Accepted.}, end: true, by_sms: true}
  confirm:
    say: "{result}"
    back: false
    options:
      - {key: 1, label: {zh: 确认, en: Yes}, answer: "yes"}
      - {key: 0, label: {zh: 放弃, en: No}, answer: "no", channels: [ussd]}
  ask: {say: "{result}", collect: password, answer: true}
  listed: {say: "{result}", pick: true}
  desk:
    say: {zh: 转人工。, en: A person.}
    transfer: true
    when: {hours: "08:00-22:00"}
    otherwise: closed
  closed: {say: {zh: 已下班。, en: Closed.}, end: true}
  go_on:
    say: {zh: 上次没有完成。, en: Unfinished.}
    back: false
    options:
      - {key: 1, label: {zh: 继续, en: Go on}, to: back}
      - {key: 2, label: {zh: 主菜单, en: Menu}, to: home}
""")


def by_day_only(book: Book) -> Book:
    """The same menus where nobody is there at night."""
    hours = {
        name: replace(screen, when=replace(screen.when, hours=(8 * 60, 22 * 60)))
        for name, screen in book.screens.items()
        if name in ("person", "person_on_holidays")
    }
    return replace(book, screens={**book.screens, **hours})
