"""Alphabets, long texts and receipts of short messages."""
