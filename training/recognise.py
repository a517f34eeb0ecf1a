"""How well speech is understood: word error rates by pocketsphinx."""
import re

import numpy as np
from pocketsphinx import Decoder
from scipy.signal import resample_poly

_DECODER = None


def recognise(sound):
    """Words heard in `sound` (24 kHz, float in -1..1)."""
    global _DECODER
    if _DECODER is None:
        _DECODER = Decoder(samprate=16000, loglevel="FATAL")
    at_16k = resample_poly(sound.astype(np.float32), 2, 3)
    _DECODER.start_utt()
    _DECODER.process_raw((np.clip(at_16k, -1, 1) * 32767).astype(np.int16).tobytes(), full_utt=True)
    _DECODER.end_utt()
    heard = _DECODER.hyp()
    return heard.hypstr if heard else ""


def word_errors(text, heard):
    """-> wrong, missing and added words, and how many words `text` has."""
    wanted = re.sub(r"[^a-z' ]", " ", text.lower().replace("-", " ")).split()
    heard = heard.lower().split()
    row = list(range(len(heard) + 1))
    for i, word in enumerate(wanted, 1):
        previous, row = row, [i]
        for j, other in enumerate(heard, 1):
            row.append(min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (word != other)))
    return row[-1], len(wanted)


class WordErrorRate:
    """Adds up word errors; `float()` of it is the rate."""

    def __init__(self):
        self.errors = self.words = 0

    def add(self, text, sound):
        heard = recognise(sound)
        errors, words = word_errors(text, heard)
        self.errors += errors
        self.words += words
        return heard

    def __float__(self):
        return self.errors / max(1, self.words)
