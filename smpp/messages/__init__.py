"""What stands in a short message: alphabets, parts of long texts, receipts."""
