"""The settings of a verb that goes by what is in force: what was published, else conf/."""

from __future__ import annotations

import argparse
import atexit

from gateway.cli.verb import settings_of
from gateway.config.settings import Settings
from gateway.editions.conf_in_force import ConfInForce
from gateway.store.opening import prepared_store


def settings_in_force(chosen: argparse.Namespace) -> Settings:
    """Their conf/ is gone when the process ends. Raises BadFile, StoreProblem."""
    with prepared_store(settings_of(chosen)) as store:
        conf = ConfInForce(settings_of(chosen), store)
    atexit.register(conf.close)
    return conf.settings
