"""People at the pages: over HTTP, as a browser without scripts would, and in the real browser."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.gateway.api.console import Answer, Browser, Console
from tests.packages import CHROMEDRIVER, CHROMIUM

PATIENCE = 20.0  # seconds for a page to come to be what is waited for
AXE = Path(__file__).parent / "vendored" / "axe.min.js"
SHOTS = os.environ.get("CONSOLE_PICTURES", "")  # a folder for pictures of what the tests saw
WIDTHS = {"wide": 1280, "narrow": 390}
_QUIET = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
          "--hide-scrollbars", "--lang=zh-CN")  # fmt: skip


class Forms(HTMLParser):
    """The forms of a page, by where they lead, with the values that they begin with."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.every: list[dict[str, str]] = []  # of several that lead to one place, each
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._at = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append((tag, told))
        if tag == "form":
            self._at = told.get("action") or ""
            self.every.append({"": self._at})
            self.found.setdefault(self._at, {"": (told.get("method") or "get").upper()})
        if tag == "input" and told.get("name") and self._at:
            self.found[self._at].setdefault(str(told["name"]), told.get("value") or "")
            self.every[-1].setdefault(str(told["name"]), told.get("value") or "")
        if tag == "a" and told.get("href"):
            self.links.append(str(told["href"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._at = ""


def ask(
    hall: Console, method: str, path: str, form: Mapping[str, str] | None = None,
    by: Browser | None = None, **headers: str,
) -> Answer:  # fmt: skip
    """As a browser asks, without its scripts. Headers that are empty are not sent."""
    sent = {"Accept": "text/html", "Host": f"127.0.0.1:{hall.port}"}
    if method == "POST":
        sent |= {"Content-Type": "application/x-www-form-urlencoded"}
        sent |= {"Origin": f"http://127.0.0.1:{hall.port}"}
    if by is not None and by.cookie:
        sent["Cookie"] = f"hallgate_session={by.cookie}"
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    body = urlencode(form).encode() if form is not None else None
    connection = http.client.HTTPConnection("127.0.0.1", hall.port, timeout=60)
    try:
        connection.request(method, path, body, {k: v for k, v in sent.items() if v})
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, told, answer.read())
    finally:
        connection.close()


def send(hall: Console, path: str, by: Browser, key: str = "", **fields: str) -> Answer:
    """A form of ours, with its token."""
    return ask(hall, "POST", path, {"csrf": by.csrf or "", "key": key, **fields}, by)


def words_of(answer: Answer) -> str:
    """What stands on a page, without its tags."""
    return re.sub(r"<[^>]+>", " ", answer.body.decode())


@dataclass
class Desk:
    """The real browser, at one console."""

    hall: Console
    driver: webdriver.Chrome

    def go(self, path: str) -> None:
        self.driver.get(f"http://127.0.0.1:{self.hall.port}{path}")

    def log_in(self, number: str) -> None:
        form = self.hall.form(number)
        self.driver.delete_all_cookies()
        self.go("/login")
        for name in ("operator", "password", "code"):
            self.one(f"#{name}").send_keys(str(form[name]))
        self.one("form.login button").click()
        self.until(".side")

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, selector: str, words: str = "") -> WebElement:
        """What is waited for: something there, with these words in it."""

        def there(_driver: object) -> WebElement | None:
            return next((one for one in self.all(selector) if words in one.text), None)

        found = WebDriverWait(self.driver, PATIENCE, 0.1, [Exception]).until(there)
        assert isinstance(found, WebElement)
        return found

    def button(self, words: str) -> WebElement:
        return next(one for one in self.all("button, a.button") if one.text == words)

    def wide(self, width: int) -> None:
        screen = {"width": width, "height": 850, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)

    def findings(self) -> list[str]:
        """What axe-core holds against the page, if it is serious."""
        self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text()})
        told: dict[str, Any] = self.driver.execute_async_script(
            "axe.run(document, {runOnly: arguments[0]}).then(arguments[1])",
            ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
        )
        return [
            f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for one in told["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    def complaints(self) -> list[str]:
        """Of the console of the browser: what the policy stopped, what broke."""
        return [
            str(one["message"])
            for one in self.driver.get_log("browser")
            if one["level"] == "SEVERE" and "Failed to load resource" not in str(one["message"])
        ]

    def picture(self, name: str) -> None:
        """The whole page, where somebody wants to look at it."""
        if not SHOTS:
            return
        width = self.driver.execute_script("return window.innerWidth")
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        screen = {"width": width, "height": max(600, min(height, 2400)), "deviceScaleFactor": 1}
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {**screen, "mobile": width < 600}
        )
        time.sleep(0.2)  # it is drawn anew; nothing is asserted of it
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(Path(SHOTS) / f"{name}.png"))


@contextmanager
def desk(hall: Console, width: int = WIDTHS["wide"]) -> Iterator[Desk]:
    options = Options()
    for argument in (*_QUIET, f"--window-size={width},850"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.binary_location = str(CHROMIUM.require())
    driver = webdriver.Chrome(options, Service(str(CHROMEDRIVER.require())))
    try:
        opened = Desk(hall, driver)
        opened.wide(width)
        yield opened
    finally:
        driver.quit()
        shutil.rmtree(driver.capabilities["chrome"]["userDataDir"], ignore_errors=True)
