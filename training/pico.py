"""SVOX Pico, called through its command `pico2wave`, with phones timed by the help of flite.

Pico (SVOX AG, Apache-2.0, Debian's non-free `libttspico-utils`) does not tell when a phone sounds. flite says the
same text, both sounds are laid onto one another by dynamic time warping of their cepstra, and the times of flite's
phones are read off that path.
"""
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
from scipy.fft import dct
from scipy.signal import resample_poly

from voices import SAMPLE_RATE, Voice, finished

HOP, WINDOW, CEPSTRA, BANDS = 240, 600, 13, 26
SLANT_COST = 0.2
"""What a step costs that stays in one of the two sounds, beside the distance: paths lean to the diagonal."""
GUIDE = Voice("guide", "slt")


def _bank():
    edges = 700 * (10 ** (np.linspace(0.05, 2595 * np.log10(1 + 8000 / 700), BANDS + 2) / 2595) - 1)
    bins = np.linspace(0, SAMPLE_RATE / 2, WINDOW // 2 + 1)
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    return np.clip(np.minimum(rising, falling), 0, None)


def cepstra(sound):
    """Mel cepstra every 10 ms with the mean taken off, every coefficient of like weight: [frames, 12 and loudness]."""
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(sound, WINDOW // 2), WINDOW)[::HOP]
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(WINDOW))) ** 2
    found = dct(np.log(spectrum @ _bank().T + 1e-6), norm="ortho")[:, :CEPSTRA]
    return (found - found.mean(0)) / (found.std(0) + 1e-6)


def warp(a, b):
    """For each frame of `a` the frame of `b` that it falls on, on the cheapest path from corner to corner."""
    distance = np.sqrt(np.maximum((a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T, 0) / a.shape[1])
    rows, columns = distance.shape
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0
    # One anti-diagonal after the other, so that each is one step of array arithmetic.
    for diagonal in range(2, rows + columns + 1):
        i = np.arange(max(1, diagonal - columns), min(rows, diagonal - 1) + 1)
        j = diagonal - i
        aside = np.minimum(total[i - 1, j], total[i, j - 1]) + SLANT_COST
        total[i, j] = distance[i - 1, j - 1] + np.minimum(total[i - 1, j - 1], aside)
    where, i, j = np.zeros(rows, int), rows, columns
    while i > 0 and j > 0:
        where[i - 1] = j - 1
        moves = (total[i - 1, j - 1], total[i - 1, j] + SLANT_COST, total[i, j - 1] + SLANT_COST)
        move = int(np.argmin(moves))
        i, j = i - (move != 2), j - (move != 1)
    return where


class Pico:
    """`flite` gives the phones and their times."""

    def __init__(self, flite):
        self._flite, self._folder = flite, tempfile.TemporaryDirectory()
        self._file = Path(self._folder.name) / "said.wav"

    def _say(self, text, language):
        subprocess.run(["pico2wave", "-l", language, "-w", str(self._file), text], check=True)
        with wave.open(str(self._file)) as file:
            sound = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768
            rate = file.getframerate()
        return resample_poly(sound, SAMPLE_RATE // 8000, rate // 8000).astype(np.float32)

    def speak(self, text, voice):
        """As `Flite.speak`; None also where both sounds differ too much in length to be laid onto one another."""
        guide = self._flite.speak(text, GUIDE)
        spoken = finished(self._say(text, voice.base), [])
        if guide is None or spoken is None or not 0.5 < len(spoken.samples) / len(guide.samples) < 2:
            return None
        where = warp(*(cepstra(one.samples.astype(np.float32) / 32768) for one in (guide, spoken)))
        step = HOP / SAMPLE_RATE

        def time(seconds):
            return float(where[min(max(round(seconds / step), 0), len(where) - 1)] * step)

        spoken.phones = [(name, time(start), time(end), word) for name, start, end, word in guide.phones]
        return spoken
