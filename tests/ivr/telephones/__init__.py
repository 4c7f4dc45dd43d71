"""Telephones and ears for tests: SIP, RTP, sipp, and what is recognised in a recording."""
