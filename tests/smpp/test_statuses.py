"""What each command_status means for us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import consts

from smpp.statuses import Action, bind_treatment, message_treatment, name_of, number_of

statuses = st.integers(0, 0xFFFFFFFF)


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (consts.SMPP_ESME_ROK, Action.ACCEPT),
        (consts.SMPP_ESME_RTHROTTLED, Action.THROTTLE),
        (consts.SMPP_ESME_RMSGQFUL, Action.THROTTLE),
        (consts.SMPP_ESME_RSYSERR, Action.LATER),
        (consts.SMPP_ESME_RX_T_APPN, Action.LATER),
        (consts.SMPP_ESME_RINVDSTADR, Action.FAIL),
        (consts.SMPP_ESME_RX_R_APPN, Action.FAIL),
        (0x00000400, Action.LATER),  # a vendor's own
    ],
)
def test_a_messages_status_says_what_to_do(status, action):
    """Throttling pauses the link, trouble passes, faults stay."""
    assert message_treatment(status).action is action


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (consts.SMPP_ESME_ROK, Action.ACCEPT),
        (consts.SMPP_ESME_RINVPASWD, Action.FAIL),
        (consts.SMPP_ESME_RINVSYSID, Action.FAIL),
        (consts.SMPP_ESME_RALYBND, Action.LATER),
        (consts.SMPP_ESME_RBINDFAIL, Action.LATER),
        (consts.SMPP_ESME_RTHROTTLED, Action.LATER),
    ],
)
def test_a_binds_status_says_whether_to_try_again(status, action):
    """A wrong password stays wrong; a link that lingers at the SMSC does not."""
    assert bind_treatment(status).action is action


@given(statuses)
def test_every_status_has_a_treatment_with_a_reason(status):
    """No number stops us, and only ESME_ROK is success."""
    for treatment in (message_treatment(status), bind_treatment(status)):
        assert treatment.reason
        assert (treatment.action is Action.ACCEPT) == (status == consts.SMPP_ESME_ROK)


def test_a_link_may_mean_something_else_by_a_number():
    """Overrides change what we do, and the reason stays readable."""
    overrides = {consts.SMPP_ESME_RSYSERR: Action.THROTTLE, 0x400: Action.FAIL}
    assert message_treatment(consts.SMPP_ESME_RSYSERR, overrides).action is Action.THROTTLE
    assert message_treatment(0x400, overrides) == (Action.FAIL, "status 0x00000400")
    assert message_treatment(consts.SMPP_ESME_RINVDSTADR, overrides).action is Action.FAIL


@given(st.one_of(statuses, st.sampled_from(sorted(consts.DESCRIPTIONS))))
def test_names_and_numbers_are_two_ways_to_say_it(status):
    """What logs print, configuration takes."""
    assert number_of(name_of(status)) == status


def test_a_name_that_is_none_is_refused_in_words():
    """Who writes ESME_THROTTLED learns what to write."""
    with pytest.raises(ValueError, match="'ESME_THROTTLED' is no command_status"):
        number_of("ESME_THROTTLED")
