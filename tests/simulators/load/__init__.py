"""The load driver, against a stand-in whose faults are known."""
