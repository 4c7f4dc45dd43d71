"""What fails around or inside a gateway: killed processes, broken SMSCs, servers that go away."""
