"""Plain language: what subscribers write in their own words, read by words and rules of conf/plain.

    a text ── writing ──▶ usual words ── tagging ──▶ tags and numbers ── rules ──▶ codes to send

Pure, total and bounded. Nothing is carried out here: the end is codes, as if they had been sent.
"""
