"""Secrets at rest: sealed to be read again, or marked to be compared."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.security.encryption import KEY, NONCE, TOGETHER, Seal, UnusableKey, WrongKey, key_file

OURS, THEIRS = Seal(bytes(range(32))), Seal(bytes(range(1, 33)))
texts = st.text()


@given(texts)
def test_what_is_sealed_can_be_read_again(text: str) -> None:
    """Every text that can be written in UTF-8."""
    assert OURS.open(OURS.seal(text)) == text


@given(st.text(min_size=4))
def test_sealed_text_shows_nothing(text: str) -> None:
    """Neither the text nor that two texts are the same."""
    one, other = OURS.seal(text), OURS.seal(text)
    assert one != other
    assert text.encode() not in one


def nonces(count: int) -> list[bytes]:
    return [OURS.seal("739204")[:NONCE] for _ in range(count)]


def test_no_two_texts_have_one_nonce() -> None:
    """Whoever seals: two texts with one lay each other open, and the key's check with them."""
    with ThreadPoolExecutor(4) as threads:
        drawn = [nonce for one in threads.map(nonces, [2_000] * 8) for nonce in one]
    assert len(set(drawn)) == len(drawn)


def test_a_process_that_is_split_off_draws_its_own() -> None:
    nonces(1)  # others are drawn with it
    theirs, ours = os.pipe()
    if (child := os.fork()) == 0:
        os.write(ours, b"".join(nonces(2)))
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(theirs, 2 * NONCE)
    os.close(theirs)
    os.close(ours)
    assert {told[:NONCE], told[NONCE:]}.isdisjoint(nonces(TOGETHER))


def test_another_key_opens_nothing() -> None:
    """And says so, instead of giving nonsense."""
    with pytest.raises(WrongKey):
        THEIRS.open(OURS.seal("739204"))


@given(st.data())
def test_a_changed_octet_is_noticed(data: st.DataObject) -> None:
    """Nobody with the file but without the key can alter what it says."""
    sealed = bytearray(OURS.seal("话费余额"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(WrongKey):
        OURS.open(bytes(sealed))


def test_a_short_key_is_refused() -> None:
    """A key that can be guessed seals nothing."""
    with pytest.raises(ValueError, match="at least 32 octets"):
        Seal(bytes(KEY - 1))


def test_equal_words_have_equal_marks() -> None:
    """In another process too: the mark depends on key and words alone."""
    assert OURS.mark("card", "1234") == Seal(bytes(range(32))).mark("card", "1234")


@given(st.lists(texts, min_size=1, max_size=3), st.lists(texts, min_size=1, max_size=3))
def test_marks_keep_words_apart(one: list[str], other: list[str]) -> None:
    """`ab c` is not `a bc`; a word never holds the mark that stands between words."""
    one, other = [[word.replace("\x00", "") for word in words] for words in (one, other)]
    assert (OURS.mark(*one) == OURS.mark(*other)) == (one == other)


def test_a_mark_needs_the_key() -> None:
    """Without it a million passwords could be tried."""
    assert OURS.mark("password", "13800138001", "739204") != THEIRS.mark(
        "password", "13800138001", "739204"
    )


def test_two_subscribers_with_one_password_have_different_marks() -> None:
    """Whoever reads the table does not even learn who shares one."""
    marks = {OURS.mark("password", number, "739204") for number in ("13800138001", "13800138002")}
    assert len(marks) == 2


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """The second start finds the key of the first."""
    path = tmp_path / "hall.db.key"
    first = key_file(path)
    assert len(first) == KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_file(path) == first
    assert key_file(tmp_path / "other.key") != first


@pytest.mark.parametrize("content", ["", "\n", "zz" * 32, "ab" * 31, "\x00" * 64])
def test_a_key_file_that_holds_none_is_told_with_what_to_do(tmp_path: Path, content: str) -> None:
    """As a crash, an editor or a copy of something else leaves it; nothing is made in its place."""
    path = tmp_path / "hall.db.key"
    path.write_text(content)
    with pytest.raises(UnusableKey, match=r"hall.db.key holds no key .* Put back the one"):
        key_file(path)
    assert path.read_text() == content
