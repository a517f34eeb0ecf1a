"""Mel bands: which frequencies of a transform each one gathers."""
import numpy as np
import torch


def mel_bank(length, bands, low_hz=0, high_hz=12_000, rate=24_000):
    """-> [bands, length // 2 + 1], triangles with their corners evenly on the mel scale."""

    def mel(hz):
        return 2595 * np.log10(1 + hz / 700)

    points = 700 * (10 ** (np.linspace(mel(low_hz), mel(high_hz), bands + 2) / 2595) - 1)
    bins = np.linspace(0, rate / 2, length // 2 + 1)
    rising = (bins - points[:-2, None]) / np.diff(points)[:-1, None]
    falling = (points[2:, None] - bins) / np.diff(points)[1:, None]
    return torch.from_numpy(np.clip(np.minimum(rising, falling), 0, None).astype(np.float32))
