"""What each command_status means for us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import consts

from smpp.statuses import Treatment, bind_verdict, message_verdict, status_name, status_number

statuses = st.integers(0, 0xFFFFFFFF)


@pytest.mark.parametrize(
    ("status", "treatment"),
    [
        (consts.SMPP_ESME_ROK, Treatment.ACCEPTED),
        (consts.SMPP_ESME_RTHROTTLED, Treatment.THROTTLE),
        (consts.SMPP_ESME_RMSGQFUL, Treatment.THROTTLE),
        (consts.SMPP_ESME_RSYSERR, Treatment.LATER),
        (consts.SMPP_ESME_RX_T_APPN, Treatment.LATER),
        (consts.SMPP_ESME_RINVDSTADR, Treatment.FAIL),
        (consts.SMPP_ESME_RX_R_APPN, Treatment.FAIL),
        (0x00000400, Treatment.LATER),  # a vendor's own
    ],
)
def test_a_messages_status_says_what_to_do(status, treatment):
    """Throttling pauses the link, trouble passes, faults stay."""
    assert message_verdict(status).treatment is treatment


@pytest.mark.parametrize(
    ("status", "treatment"),
    [
        (consts.SMPP_ESME_ROK, Treatment.ACCEPTED),
        (consts.SMPP_ESME_RINVPASWD, Treatment.FAIL),
        (consts.SMPP_ESME_RINVSYSID, Treatment.FAIL),
        (consts.SMPP_ESME_RALYBND, Treatment.LATER),
        (consts.SMPP_ESME_RBINDFAIL, Treatment.LATER),
        (consts.SMPP_ESME_RTHROTTLED, Treatment.LATER),
    ],
)
def test_a_binds_status_says_whether_to_try_again(status, treatment):
    """A wrong password stays wrong; a link that lingers at the SMSC does not."""
    assert bind_verdict(status).treatment is treatment


@given(statuses)
def test_every_status_has_a_treatment_with_a_reason(status):
    """No number stops us, and only ESME_ROK is success."""
    for verdict in (message_verdict(status), bind_verdict(status)):
        assert verdict.reason
        assert (verdict.treatment is Treatment.ACCEPTED) == (status == consts.SMPP_ESME_ROK)


def test_a_link_may_mean_something_else_by_a_number():
    """Overrides change what we do, and the reason stays readable."""
    overrides = {consts.SMPP_ESME_RSYSERR: Treatment.THROTTLE, 0x400: Treatment.FAIL}
    assert message_verdict(consts.SMPP_ESME_RSYSERR, overrides).treatment is Treatment.THROTTLE
    assert message_verdict(0x400, overrides) == (Treatment.FAIL, "status 0x00000400")
    assert message_verdict(consts.SMPP_ESME_RINVDSTADR, overrides).treatment is Treatment.FAIL


@given(st.one_of(statuses, st.sampled_from(sorted(consts.DESCRIPTIONS))))
def test_names_and_numbers_are_two_ways_to_say_it(status):
    """What logs print, configuration takes."""
    assert status_number(status_name(status)) == status


def test_a_name_that_is_none_is_refused_in_words():
    """Who writes ESME_THROTTLED learns what to write."""
    with pytest.raises(ValueError, match="'ESME_THROTTLED' is no command_status"):
        status_number("ESME_THROTTLED")
