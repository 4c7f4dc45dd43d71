"""One turn of a subscriber: proof, missing parameters, confirm (二次确认), effect; and the tables
of commands."""
