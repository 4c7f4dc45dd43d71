"""What travels between the layers, as plain values: addresses, messages, ids, work for the desk."""
