"""Commands by action and named parameters: what fits is what a code could say, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.model.request import Channel, Secret
from commands.parser.named_parameters import UnfitParameters, by_name
from tests.commands.fakes import own_conf

REGISTER = own_conf().register
AT_DOORS = sorted(a for a, spec in REGISTER.specs.items() if Channel.DOOR in spec.channels)


@given(
    st.sampled_from(AT_DOORS),
    st.dictionaries(
        st.sampled_from([*REGISTER.parameters, "service", "group", "plan", "fee", "replaces"]),
        st.text(max_size=30),
        max_size=4,
    ),
)
def test_whatever_is_sent_fits_or_is_told(action: str, parameters: dict[str, str]) -> None:
    """And what fits fixes only what a code of this action fixes."""
    try:
        said = by_name(action, parameters, REGISTER)
    except UnfitParameters:
        return
    fixed = [code.fixed for code in REGISTER.firsts[action]]
    names = {name for each in fixed for name in each}
    assert {n: v for n, v in said.args.items() if n in names} in fixed
    assert not said.args.keys() & {"subject", "password", "fee", "replaces"}


@given(st.text(alphabet="0123456789０１٠١#* -+", min_size=1, max_size=16))
def test_a_number_is_eleven_plain_digits(written: str) -> None:
    try:
        said = by_name("sv.forward", {"target": written}, REGISTER)
    except UnfitParameters:
        return
    assert re.fullmatch("1[0-9]{10}", str(said.args["target"]))


def test_secrets_are_hidden_at_once() -> None:
    said = by_name("rc.self", {"card": "860000000000000001"}, REGISTER)
    assert isinstance(said.args["card"], Secret)


@pytest.mark.parametrize("action", ["menu.main", "otp.send", "np.auth_code", "vw.invited", "x.y"])
def test_what_is_not_offered_at_doors_is_not_known(action: str) -> None:
    with pytest.raises(UnfitParameters) as unfit:
        by_name(action, {}, REGISTER)
    assert unfit.value.field == "action"


def test_what_goes_without_saying_need_not_be_said() -> None:
    """KTCL and 306 both order CL; of the data packs somebody must choose."""
    assert by_name("sv.order.tone", {}, REGISTER).args == {"service": "CL"}
    with pytest.raises(UnfitParameters, match="service=LL10"):
        by_name("sv.order.data", {}, REGISTER)
