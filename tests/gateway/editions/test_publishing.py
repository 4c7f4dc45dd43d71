"""Editions put into force, tried out and taken back, by hand and by whoever runs."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import time
from io import BytesIO
from pathlib import Path

import pytest

from gateway import cli
from gateway.config.editions.conf_files import conf_files
from gateway.config.settings import Settings
from gateway.editions.edition_follower import EditionFollower
from gateway.editions.following import hand_in
from gateway.editions.loading import LASTING
from gateway.editions.publishing import Publisher
from gateway.ops.log import Log
from gateway.store.editions.editions import SqlEditions
from gateway.store.store import Store
from gateway.store.tables import menu_decisions, menu_editions
from tests.commands.fakes import OWN_CONF
from tests.gateway.dialogue.handset import Handset
from tests.gateway.hall import Office, own_book
from tests.gateway.messages import LI, NOON, ZHANG

pytestmark = pytest.mark.slow


class Newsroom:
    """A folder of menus that somebody changes and publishes, beside an office that follows."""

    def __init__(self, store: Store, folder: Path, seal_key: str) -> None:
        self.folder = folder
        self.configured = [
            "--set", f"store.url={store.engine.url.render_as_string(hide_password=False)}",
            "--set", f"secrets.key={seal_key}",
        ]  # fmt: skip
        self.menus = Path(shutil.copytree(OWN_CONF / "menus", folder / "menus"))
        self.office = Office(store)
        self._lines = BytesIO()
        self.follower = self.another_follower(NOON)
        self.office.counter.editions = self.follower.begin()

    def follow(self) -> None:
        """What a gateway does every second."""
        counter = self.office.counter
        if self.follower.news():
            counter.editions = self.follower.look(counter.editions)
            self.follower.tell()

    def another_follower(self, now: float) -> EditionFollower:
        """Of another gateway, or after a start."""
        store, log = self.office.store, Log(self._lines)
        return EditionFollower(store, lambda: now, log, Settings(), lambda _: own_book())

    def runs(self, *words: str) -> int:
        status = cli.main(["menus", *words, *self.configured])
        self.follow()
        return status

    def publishes(self, title: str) -> None:
        self.writes(title)
        assert self.runs("publish", "--from", str(self.menus), "--author", "li") == 0

    def writes(self, title: str) -> None:
        """The hall gets another name."""
        own = (OWN_CONF / "menus" / "hall.yaml").read_text(encoding="utf-8")
        changed = own.replace("zh: 移动营业厅", f"zh: {title}")
        (self.menus / "hall.yaml").write_text(changed, encoding="utf-8")

    def logged(self) -> str:
        return self._lines.getvalue().decode()

    def sees(self, phone: str = ZHANG) -> str:
        """The title of what a phone dials."""
        handset = Handset(self.office, phone)
        title = handset.dials().split("\n")[0]
        handset.types("0")
        return title


@pytest.fixture
def newsroom(sqlite_store: Store, tmp_path: Path) -> Newsroom:
    """With the key that the tests' stores are made with."""
    return Newsroom(sqlite_store, tmp_path, bytes(range(32)).hex())


def test_the_files_are_in_force_until_something_is_published(newsroom: Newsroom) -> None:
    """And each version that was served is kept."""
    assert newsroom.sees() == "移动营业厅"
    (found,) = newsroom.office.rows(menu_editions)
    assert (found["version"], found["author"]) == (own_book().version, "conf")
    assert newsroom.office.rows(menu_decisions) == []


def test_what_is_published_is_in_force_at_once(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    """With who did it, when and why."""
    newsroom.publishes("新营业厅")
    assert "is in force; gateways that run take it up" in capsys.readouterr().out
    assert newsroom.sees() == "新营业厅"
    assert newsroom.runs("versions") == 0
    first, newest, *_ = capsys.readouterr().out.splitlines()
    assert first.endswith(" is in force")
    assert newest.endswith(" published by li")


def test_who_has_begun_finishes_on_the_menu_they_began_with(newsroom: Newsroom) -> None:
    """Every screen of it, also the one they go back to."""
    handset = Handset(newsroom.office)
    handset.dials()
    newsroom.publishes("新营业厅")
    handset.types("5")
    assert handset.types("0").startswith("移动营业厅\n")
    handset.types("0")
    assert handset.dials().startswith("新营业厅\n")


def test_rolling_back_is_one_command(newsroom: Newsroom) -> None:
    """To the version before, and once more to what lay in conf/menus."""
    newsroom.publishes("一号厅")
    newsroom.publishes("二号厅")
    assert newsroom.runs("rollback", "--reason", "wrong name") == 0
    assert newsroom.sees() == "一号厅"
    assert newsroom.runs("rollback") == 0
    assert newsroom.sees() == "移动营业厅"


def test_there_must_be_something_to_roll_back_to(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert newsroom.runs("rollback") == 1
    assert "nothing has been published yet" in capsys.readouterr().err
    newsroom.publishes("一号厅")
    assert newsroom.runs("rollback") == 0
    assert newsroom.runs("rollback") == 1
    assert "there is no version before this one" in capsys.readouterr().err


def test_a_canary_is_for_some_until_it_is_for_all(newsroom: Newsroom, tmp_path: Path) -> None:
    """Chosen numbers see it; ended, nobody does; promoted, everybody."""
    numbers = tmp_path / "numbers.txt"
    numbers.write_text(f"# colleagues\n{LI}\n\n")
    newsroom.writes("新营业厅")
    shown = ["--config", str(configured(newsroom))]
    assert newsroom.runs("canary", "--numbers", str(numbers), *shown) == 0
    assert (newsroom.sees(ZHANG), newsroom.sees(LI)) == ("移动营业厅", "新营业厅")
    assert newsroom.runs("canary", "end") == 0
    assert newsroom.sees(LI) == "移动营业厅"
    version = newest(newsroom)
    assert newsroom.runs("canary", version, "--percent", "100") == 0
    assert newsroom.sees(ZHANG) == "新营业厅"
    assert newsroom.runs("rollback") == 0
    assert newsroom.sees(ZHANG) == "移动营业厅"
    assert newsroom.runs("canary", version, "--numbers", str(numbers)) == 0
    assert newsroom.runs("canary", "promote") == 0
    assert (newsroom.sees(ZHANG), newsroom.sees(LI)) == ("新营业厅", "新营业厅")


def configured(newsroom: Newsroom) -> Path:
    """A configuration whose conf/ has the newsroom's menus."""
    conf = newsroom.folder / "conf"
    shutil.copytree(OWN_CONF, conf, ignore=shutil.ignore_patterns("menus", "var"))
    shutil.copytree(newsroom.menus, conf / "menus")
    file = newsroom.folder / "gateway.yaml"
    file.write_text("conf: conf\n")
    return file


def newest(newsroom: Newsroom) -> str:
    with newsroom.office.store.transaction() as connection:
        return SqlEditions(connection).decisions()[-2].canary


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["canary", "end"], "no version is being tried out"),
        (["canary", "promote"], "no version is being tried out"),
        (["canary", "no-such"], "there is no version no-such"),
        (["canary", "OWN", "--percent", "5"], "is in force already"),
        (["canary", "OWN"], "needs --percent or --numbers"),
        (["show", "no-such"], "there is no version no-such"),
    ],
)
def test_what_cannot_be_done_is_explained(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str], words: list[str], what: str
) -> None:
    own = own_book().version
    assert newsroom.runs(*(own if word == "OWN" else word for word in words)) == 1
    assert what in capsys.readouterr().err


def test_numbers_of_a_canary_are_looked_at(
    newsroom: Newsroom, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each mistake with its line."""
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("13800138001\n1380013800\n")
    assert newsroom.runs("canary", "x", "--numbers", str(numbers)) == 1
    assert "numbers.txt:2: '1380013800' is no mobile number" in capsys.readouterr().err


def test_menus_with_mistakes_are_not_published(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everybody goes on with what they have."""
    hall = newsroom.menus / "hall.yaml"
    hall.write_text(hall.read_text(encoding="utf-8").replace("to: more", "to: mroe"))
    assert newsroom.runs("publish", "--from", str(newsroom.menus)) == 1
    assert "goes to 'mroe', which is no screen. Did you mean more" in capsys.readouterr().err
    assert newsroom.office.rows(menu_decisions) == []


def test_a_promise_is_not_broken_by_promising_something_else(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    """Changing the promise together with the key is refused; taking it out first is how to."""
    hall, book = newsroom.menus / "hall.yaml", newsroom.menus / "book.yaml"
    hall.write_text(
        hall.read_text(encoding="utf-8").replace("run: q.data, pinned", "run: q.plan, pinned")
    )
    own = book.read_text(encoding="utf-8")
    book.write_text(own.replace("run q.data", "run q.plan"))
    assert newsroom.runs("publish", "--from", str(newsroom.menus)) == 1
    told = capsys.readouterr().err
    assert "menus/book.yaml:15: *139*3# is promised to 'run q.data' by the version in force" in told
    book.write_text(own.replace('  "*139*3#": {published: run q.data}\n', ""))
    assert newsroom.runs("publish", "--from", str(newsroom.menus)) == 0


def test_a_version_can_be_looked_at_and_taken_out(
    newsroom: Newsroom, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same files as were published."""
    newsroom.publishes("新营业厅")
    version = newsroom.office.counter.book.version
    capsys.readouterr()
    assert newsroom.runs("show", version) == 0
    assert "# --- hall.yaml" in capsys.readouterr().out
    assert newsroom.runs("show", version, "--to", str(tmp_path / "old")) == 0
    for file in (tmp_path / "old").iterdir():
        assert file.read_text() == (newsroom.menus / file.name).read_text()


def test_another_copy_goes_on_with_a_dialogue(newsroom: Newsroom) -> None:
    """On the very version, although it has never served it itself."""
    handset = Handset(newsroom.office)
    newsroom.publishes("一号厅")
    handset.dials()
    newsroom.publishes("二号厅")
    newsroom.office.counter.editions = newsroom.another_follower(NOON + 60).begin()
    handset.types("5")
    assert handset.types("0").startswith("一号厅\n")


def test_a_version_that_no_longer_fits_is_not_taken_up(newsroom: Newsroom) -> None:
    """Its program knew a command that ours does not: the hall goes on with what it has, and says
    so."""
    newsroom.publishes("新营业厅")
    held = newsroom.office.counter.book.version
    newer = dict(conf_files(OWN_CONF))
    newer["menus/main.yaml"] = newer["menus/main.yaml"].replace("run: q.bill", "run: q.newer")
    with newsroom.office.store.transaction() as connection:
        Publisher(SqlEditions(connection), "li", int(NOON)).publish(newer)
    newsroom.follow()
    assert newsroom.office.counter.book.version == held
    assert newsroom.sees() == "新营业厅"
    assert "edition not taken up" in newsroom.logged()
    assert "there is no command 'q.newer'" in newsroom.logged()
    assert "menus/main.yaml:" in newsroom.logged()


def test_what_could_not_be_taken_up_is_taken_up_later(newsroom: Newsroom) -> None:
    """A look that failed half-way has seen nothing: the next one looks again."""
    newsroom.writes("甲厅")
    office, follow = newsroom.office, newsroom.follow
    newsroom.follow = lambda: None  # type: ignore[method-assign]
    newsroom.runs("publish", "--from", str(newsroom.menus), "--author", "li")
    kept = {str(row["version"]): row["files"] for row in office.rows(menu_editions)}
    for files in ("{", "{", None):
        with office.store.transaction() as connection:
            for version, good in kept.items():
                mine = menu_editions.update().where(menu_editions.c.version == version)
                connection.execute(mine.values(files=files or good))
        if files:
            with pytest.raises(ValueError, match="data"):
                follow()
    follow()
    assert newsroom.sees() == "甲厅"


def test_menus_of_an_older_program_stand_upon_our_files(newsroom: Newsroom) -> None:
    """They were published before editions were of all of conf/; and what is published next is."""
    own = conf_files(OWN_CONF)
    menus = {
        name.removeprefix("menus/"): text.replace("zh: 移动营业厅", "zh: 旧营业厅")
        for name, text in own.items()
        if name.startswith("menus/")
    }
    old = {"version": "0ld0ld0ld0ld", "made_at": 1, "author": "li", "files": json.dumps(menus)}
    decided = {"decided_at": 1, "author": "li", "what": "published", "version": "0ld0ld0ld0ld"}
    with newsroom.office.store.transaction() as connection:
        connection.execute(menu_editions.insert(), old)
        connection.execute(menu_decisions.insert(), decided)
    newsroom.follow()
    assert newsroom.sees() == "旧营业厅"
    newsroom.publishes("新营业厅")
    assert newsroom.sees() == "新营业厅"
    assert newsroom.runs("rollback") == 0
    assert newsroom.sees() == "旧营业厅"


def test_an_edition_goes_out_as_files_and_comes_in_again(
    newsroom: Newsroom, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same text under the same version; git may keep it in between."""
    newsroom.publishes("新营业厅")
    version, out = newsroom.office.counter.book.version, tmp_path / "out"
    assert edition(newsroom, "export", version, str(out)) == 0
    shutil.copytree(out, tmp_path / "clone")
    capsys.readouterr()
    assert edition(newsroom, "import", str(tmp_path / "clone")) == 0
    assert capsys.readouterr().out.startswith(f"{version} is kept")
    (out / "prices.yml").write_text("fee: 1")
    assert edition(newsroom, "import", str(out)) == 1
    assert "prices.yml:1: is not read" in capsys.readouterr().err


def edition(newsroom: Newsroom, *words: str) -> int:
    return cli.main(["edition", *words, *newsroom.configured])


def test_the_page_shows_what_the_verbs_say(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/editions.md, one command after the other."""
    file = configured(newsroom)
    newsroom.writes("新营业厅")
    shutil.copy(newsroom.menus / "hall.yaml", newsroom.folder / "conf" / "menus" / "hall.yaml")
    page = (OWN_CONF.parent / "docs" / "editions.md").read_text(encoding="utf-8")
    for block in re.findall(r"```console live\n(.*?)```", page, re.DOTALL):
        for command in block.removeprefix("$ hallgate ").split("\n$ hallgate "):
            words, *wanted = command.rstrip("\n").split("\n")
            assert cli.main([*shlex.split(words), "--config", str(file), *newsroom.configured]) == 0
            lines = capsys.readouterr().out.splitlines()
            patterns = [re.escape(line).replace("…", ".+") for line in wanted]
            assert len(lines) == len(wanted), lines
            assert all(map(re.fullmatch, patterns, lines)), lines


def test_a_canary_is_told_with_how_it_does(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    newsroom.publishes("一号厅")
    newsroom.writes("二号厅")
    assert newsroom.runs("canary", "--from", str(newsroom.menus), "--percent", "100") == 0
    assert newsroom.sees() == "二号厅"
    hand_in(newsroom.office.counter, int(time.time()))
    capsys.readouterr()
    assert newsroom.runs("versions") == 0
    assert "complained, 0.0 % (0 of 0) of the others" in capsys.readouterr().out
    assert newsroom.runs("of", ZHANG) == 0
    assert "it is among the 100 % on which this is tried out" in capsys.readouterr().out


def test_an_edition_is_out_of_reach_when_nobody_can_be_on_it(sqlite_store: Store) -> None:
    """Two days after it was in force; until then a start finds it again."""
    moments = [int(NOON)]
    own = conf_files(OWN_CONF)

    def follower() -> EditionFollower:
        log, settings = Log(BytesIO()), Settings()
        return EditionFollower(
            sqlite_store, lambda: moments[-1], log, settings, lambda _: own_book()
        )

    def publish(note: str, later: int) -> str:
        moments.append(moments[-1] + later)
        with sqlite_store.transaction() as connection:
            publisher = Publisher(SqlEditions(connection), "li", moments[-1])
            changed = {"holidays.yaml": f"# {note}\n{own['holidays.yaml']}"}
            return publisher.publish(own | changed).version

    running = follower()
    in_force = running.begin()
    first = publish("first", 60)
    in_force = running.look(in_force)
    assert set(in_force.snapshots) == {first, own_book().version}
    assert set(follower().begin().snapshots) == set(in_force.snapshots)
    second = publish("second", LASTING + 60)
    in_force = running.look(in_force)
    assert set(in_force.snapshots) == {first, second}
    assert set(follower().begin().snapshots) == {first, second}
