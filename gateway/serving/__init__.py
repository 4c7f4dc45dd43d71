"""The desk: work in batches, one transaction each."""
