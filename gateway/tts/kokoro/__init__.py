"""The neural voice Kokoro-82M: what its model, its phonemes and its two speakers are."""
