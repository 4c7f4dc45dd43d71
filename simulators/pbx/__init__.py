"""A telephone exchange, as Asterisk by AMI and AsyncAGI: `hallgate simulate pbx`."""
