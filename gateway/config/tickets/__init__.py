"""conf/tickets.yaml, and what goes with it for those who see to tickets."""
