"""One AMI session: bytes in, events and bytes out."""

from __future__ import annotations

import hashlib

import pytest

from ivr.ami.account import AmiAccount, AmiLimits
from ivr.ami.messages import AmiMessage, Unsendable
from ivr.ami.session import AmiSession, AmiSessionState, NotLoggedIn
from ivr.ami.session_events import (
    ActionAnswered,
    ActionTimedOut,
    AmiProtocolFault,
    AmiSessionEnded,
    AsteriskEvent,
    LoggedIn,
    LoginRefused,
)

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
LIMITS = AmiLimits()


class Peer:
    """A session, and an Asterisk that says what the test wants."""

    def __init__(self, limits: AmiLimits = LIMITS) -> None:
        self.now = 100.0
        self.session = AmiSession(AmiAccount("hallgate", "secret"), limits)
        self.session.connected(self.now)

    def says(self, *lines: str):
        """One message; the events that it makes."""
        return self.session.receive("\r\n".join([*lines, "", ""]).encode(), self.now)

    def answers(self, sent: AmiMessage, *lines: str):
        return self.says(*lines, f"ActionID: {sent.get('ActionID')}")

    def heard(self) -> list[AmiMessage]:
        """What the session has sent."""
        return [AmiMessage(block) for block in self.session.output().split(b"\r\n\r\n") if block]

    def after(self, seconds: float):
        self.now += seconds
        return self.session.tick(self.now)


@pytest.fixture
def fresh() -> Peer:
    return Peer()


@pytest.fixture
def peer() -> Peer:
    return logged_in(LIMITS)


def logged_in(limits: AmiLimits) -> Peer:
    peer = Peer(limits)
    peer.session.receive(BANNER, peer.now)
    (challenge,) = peer.heard()
    peer.answers(challenge, "Response: Success", "Challenge: 187921753")
    (login,) = peer.heard()
    assert peer.answers(login, "Response: Success") == [LoggedIn("11.0.0")]
    return peer


# ---- login ----


def test_the_secret_itself_never_leaves(fresh):
    """Greeting, challenge, digest: in that order, and nothing before the greeting."""
    assert fresh.heard() == []
    fresh.session.receive(BANNER, fresh.now)
    (challenge,) = fresh.heard()
    assert (challenge.get("Action"), challenge.get("AuthType")) == ("Challenge", "MD5")
    fresh.answers(challenge, "Response: Success", "Challenge: 187921753")
    (login,) = fresh.heard()
    assert login.get("Key") == hashlib.md5(b"187921753secret").hexdigest()
    assert login.get("Username") == "hallgate"
    assert login.get("Events") == "agi,call,agent"
    assert login.get("Secret") == ""


def test_what_the_account_may_not_do_is_told(peer):
    """Callers hear nothing then: whoever looks into the log shall learn what to write."""
    peer.session.act("AGI", {"Command": "ANSWER"}, "call", peer.now)
    (sent,) = peer.heard()
    fault, answered = peer.answers(sent, "Response: Error", "Message: Permission denied")
    assert isinstance(fault, AmiProtocolFault)
    assert "write = agi,call,reporting" in fault.description
    assert (answered.key, answered.ok) == ("call", False)


def test_a_refused_login_is_told_and_ends(fresh):
    """A person has to change something; nothing is tried again here."""
    fresh.session.receive(BANNER, fresh.now)
    fresh.answers(fresh.heard()[0], "Response: Success", "Challenge: 1")
    events = fresh.answers(fresh.heard()[0], "Response: Error", "Message: Authentication failed")
    assert events == [
        LoginRefused("Authentication failed"),
        AmiSessionEnded("login refused: Authentication failed", ()),
    ]


def test_a_stranger_gets_no_name_from_us(fresh):
    """Who greets as something else is told nothing."""
    events = fresh.session.receive(b"SSH-2.0-OpenSSH_9.2\r\n", fresh.now)
    assert events == [AmiSessionEnded("this is no Asterisk", ())]
    assert fresh.heard() == []


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_each_step_of_the_login_has_its_time(fresh, steps):
    """Greeting, challenge and answer may each fail to come."""
    if steps > 0:
        fresh.session.receive(BANNER, fresh.now)
    if steps > 1:
        fresh.answers(fresh.heard()[0], "Response: Success", "Challenge: 1")
    assert fresh.after(LIMITS.login_timeout - 0.1) == []
    (ended,) = fresh.after(0.1)
    assert isinstance(ended, AmiSessionEnded)


def test_nothing_is_sent_for_others_before_the_login(fresh):
    """There is nobody to hear it."""
    with pytest.raises(NotLoggedIn):
        fresh.session.act("Ping", {}, "key", fresh.now)


# ---- actions ----


def test_answers_find_their_actions_in_any_order(peer):
    """By ActionID alone."""
    for key in "ab":
        peer.session.act("AGI", {"Channel": key}, key, peer.now)
    a, b = peer.heard()
    (second,) = peer.answers(b, "Response: Error", "Message: no")
    (first,) = peer.answers(a, "Response: Success")
    assert (first.key, first.ok) == ("a", True)
    assert (second.key, second.ok) == ("b", False)


def test_an_answer_settles_once(peer):
    """The second one is nobody's."""
    peer.session.act("AGI", {}, "a", peer.now)
    (sent,) = peer.heard()
    peer.answers(sent, "Response: Success")
    assert isinstance(peer.answers(sent, "Response: Success")[0], AmiProtocolFault)


def test_an_action_that_is_not_answered_is_told(peer):
    """It may have been done or not; an answer that comes too late is no answer."""
    peer.session.act("AGI", {}, "a", peer.now)
    (sent,) = peer.heard()
    assert peer.after(LIMITS.answer_timeout) == [ActionTimedOut("a")]
    assert isinstance(peer.answers(sent, "Response: Success")[0], AmiProtocolFault)


def test_a_list_comes_as_one_answer(peer):
    """Its items carry its ActionID; events of others in between are told as ever."""
    peer.session.act("CoreShowChannels", {}, "list", peer.now)
    (sent,) = peer.heard()
    assert peer.answers(sent, "Response: Success", "EventList: start") == []
    assert peer.answers(sent, "Event: CoreShowChannel", "Channel: A") == []
    (other,) = peer.says("Event: Hangup", "Channel: B")
    assert isinstance(other, AsteriskEvent)
    assert peer.answers(sent, "Event: CoreShowChannel", "Channel: C") == []
    (answered,) = peer.answers(sent, "Event: CoreShowChannelsComplete", "EventList: Complete")
    assert isinstance(answered, ActionAnswered)
    assert [item.get("Channel") for item in answered.items] == ["A", "C"]


def test_a_list_that_stops_midway_is_given_up(peer):
    """Each item gives it new time, and then no more."""
    peer.session.act("CoreShowChannels", {}, "list", peer.now)
    (sent,) = peer.heard()
    peer.answers(sent, "Response: Success", "EventList: start")
    assert peer.after(LIMITS.answer_timeout - 1) == []
    peer.answers(sent, "Event: CoreShowChannel", "Channel: A")
    assert peer.after(LIMITS.answer_timeout - 1) == []
    assert peer.after(1) == [ActionTimedOut("list")]


def test_a_list_without_end_does_not_fill_us():
    """More items than there can be channels are not kept."""
    peer = logged_in(AmiLimits(most_items=2))
    peer.session.act("CoreShowChannels", {}, "list", peer.now)
    (sent,) = peer.heard()
    peer.answers(sent, "Response: Success", "EventList: start")
    for _ in range(5):
        peer.answers(sent, "Event: CoreShowChannel")
    (answered,) = peer.answers(sent, "Event: X", "EventList: Complete")
    assert len(answered.items) == 2


def test_the_answer_to_originate_is_not_what_becomes_of_it(peer):
    """OriginateResponse has the ActionID and comes long after the answer: it is an event."""
    peer.session.act("Originate", {"Async": "true"}, "o", peer.now)
    (sent,) = peer.heard()
    peer.answers(sent, "Response: Success")
    (event,) = peer.answers(sent, "Event: OriginateResponse", "Response: Failure")
    assert isinstance(event, AsteriskEvent)


def test_what_cannot_be_sent_waits_for_nothing(peer):
    """It is refused to the user, and the session is as before."""
    with pytest.raises(Unsendable):
        peer.session.act("AGI", {"Command": "a\r\nAction: Command"}, "a", peer.now)
    assert peer.heard() == []
    assert peer.session.lost("over", peer.now) == [AmiSessionEnded("over", ())]


# ---- life ----


def test_silence_is_asked_about(peer):
    """A ping after the interval; its answer begins a new one."""
    assert peer.after(LIMITS.ping_interval - 0.1) == []
    assert peer.heard() == []
    peer.after(0.1)
    (ping,) = peer.heard()
    assert ping.get("Action") == "Ping"
    assert peer.answers(ping, "Response: Success", "Ping: Pong") == []
    assert peer.session.deadline() == peer.now + LIMITS.ping_interval


def test_a_dead_asterisk_is_noticed(peer):
    """A ping without an answer ends the session and all that was on its way."""
    peer.after(LIMITS.ping_interval)
    peer.now += 5
    peer.session.act("AGI", {}, "a", peer.now)
    (ended,) = peer.after(LIMITS.answer_timeout - 5)
    assert isinstance(ended, AmiSessionEnded)
    assert ended.keys == ("a",)


def test_events_are_a_sign_of_life(peer):
    """While Asterisk talks it is not asked."""
    for _ in range(5):
        peer.now += LIMITS.ping_interval - 1
        peer.says("Event: Hangup")
        peer.session.tick(peer.now)
    assert peer.heard() == []


def test_a_goodbye_is_answered_or_not(peer):
    """Logging off takes as long as it takes, but no longer."""
    peer.session.act("AGI", {}, "a", peer.now)
    peer.session.logoff(peer.now)
    *_, logoff = peer.heard()
    assert logoff.get("Action") == "Logoff"
    with pytest.raises(NotLoggedIn):
        peer.session.act("AGI", {}, "b", peer.now)
    assert peer.answers(logoff, "Response: Goodbye") == [AmiSessionEnded("logged off", ("a",))]
    assert peer.session.state is AmiSessionState.ENDED


def test_a_goodbye_without_an_answer_ends_too(peer):
    """Nobody waits for an Asterisk that is gone."""
    peer.session.logoff(peer.now)
    (ended,) = peer.after(LIMITS.logoff_timeout)
    assert isinstance(ended, AmiSessionEnded)


def test_what_is_on_its_way_ends_in_one_place(peer):
    """The connection breaks: every key once, oldest first, and then nothing ever."""
    for key in "abc":
        peer.session.act("AGI", {}, key, peer.now)
    assert peer.session.lost("cut", peer.now) == [AmiSessionEnded("cut", ("a", "b", "c"))]
    assert peer.session.lost("cut", peer.now) == []
    assert peer.says("Event: Hangup") == []
    assert peer.session.deadline() is None


def test_no_ami_at_all_ends_it(peer):
    """A message without end is nothing to wait for."""
    (ended,) = peer.session.receive(b"x" * (LIMITS.most_message + 10), peer.now)
    assert isinstance(ended, AmiSessionEnded)
