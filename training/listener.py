"""Stage "listener": a small net that names the phone of every 10 ms; `train_codec.py --listener` lets it judge.

Spectra alone count a lost consonant no more than a lost breath. The listener learns from the originals, whose teachers
tell when each phone sounds; what the codec makes of a sound is then to excite it as the sound itself does. It is
dropped afterwards. Its spectra are those of common recognisers: 25 ms every 10 ms, 40 bands from 130 Hz to 6.8 kHz,
without their mean.
"""
import argparse
import pickle
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from mel import mel_bank

HOP, WINDOW, BANDS = 240, 600, 40
LOW_HZ, HIGH_HZ, RATE = 130, 6800, 24_000
FLOOR = 3e-3
WIDTH, DILATIONS = 160, (1, 2, 3)
PAUSE = "pau"


class Listener(nn.Module):
    def __init__(self, phones):
        super().__init__()
        self.phones = phones
        self.register_buffer("bank", mel_bank(WINDOW, BANDS, LOW_HZ, HIGH_HZ))
        self.register_buffer("window", torch.hann_window(WINDOW))
        self.first = nn.Conv1d(BANDS, WIDTH, 5, padding=2)
        self.blocks = nn.ModuleList([nn.Conv1d(WIDTH, WIDTH, 5, padding=2 * d, dilation=d) for d in DILATIONS])
        self.names = nn.Conv1d(WIDTH, len(phones), 1)

    def forward(self, x):
        """x [B, N] -> what each layer makes of it, each [B, WIDTH, N / HOP + 1]; scores of the phones."""
        spectrum = torch.stft(x, WINDOW, HOP, window=self.window, return_complex=True).abs()
        logs = torch.log10((self.bank @ spectrum).clamp_min(FLOOR))
        layers = [F.gelu(self.first(logs - logs.mean(-1, keepdim=True)))]
        for block in self.blocks:
            layers.append(layers[-1] + F.gelu(block(layers[-1])))
        return layers, self.names(layers[-1])

    def distance(self, y, x):
        """How differently y and x [B, N] are heard: layer by layer, relative to what x excites, and in the phones."""
        with torch.no_grad():
            wanted, names = self(x)
        heard, scores = self(y)
        layers = sum((a - b).abs().mean() / b.abs().mean() for a, b in zip(heard, wanted)) / len(wanted)
        names = F.kl_div(scores.log_softmax(1), names.log_softmax(1), log_target=True, reduction="none").sum(1).mean()
        return layers, names


def load_listener(path):
    state = torch.load(path, map_location="cpu")
    listener = Listener(state["phones"])
    listener.load_state_dict(state["weights"])
    return listener.eval().requires_grad_(False)


def frame_names(spoken, index):
    """The phone of every 10 ms of a lot of utterances laid one after the other."""
    ends = np.cumsum([item["samples"] for item in spoken])
    names = np.full(ends[-1] // HOP + 1, index[PAUSE], np.int64)
    for item, end in zip(spoken, ends):
        begin = (end - item["samples"]) / RATE
        for name, first, last, _ in item["phones"]:
            names[round((begin + first) * RATE / HOP) : round((begin + last) * RATE / HOP)] = index[name]
    return names


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--speech", required=True, help="which speech-NAME, separated by commas")
    arguments.add_argument("--out", default="listener.pt")
    arguments.add_argument("--steps", type=int, default=1500)
    arguments.add_argument("--clips", type=int, default=24)
    arguments.add_argument("--frames", type=int, default=128, help="of 10 ms")
    arguments.add_argument("--rate", type=float, default=2e-3)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--seed", type=int, default=0)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    random, work = np.random.default_rng(options.seed), options.work
    lots = [pickle.loads((work / f"speech-{name}.pkl").read_bytes()) for name in options.speech.split(",")]
    phones = sorted({phone[0] for lot in lots for item in lot for phone in item["phones"]} | {PAUSE})
    index = {name: i for i, name in enumerate(phones)}
    names = [frame_names(lot, index) for lot in lots]
    sounds = [np.memmap(work / f"speech-{name}.pcm", np.int16, "r") for name in options.speech.split(",")]
    shares = np.array([len(sound) for sound in sounds], float)
    listener = Listener(phones)
    optimizer = torch.optim.AdamW(listener.parameters(), lr=options.rate, weight_decay=0.01)
    falling = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.rate, options.steps, pct_start=0.1)
    smooth, started = None, time.time()
    for step in range(1, options.steps + 1):
        clips, wanted = [], []
        for _ in range(options.clips):
            lot = random.choice(len(sounds), p=shares / shares.sum())
            first = random.integers(0, len(sounds[lot]) // HOP - options.frames - 1)
            clip = sounds[lot][first * HOP : (first + options.frames) * HOP].astype(np.float32) / 32768
            noise = random.standard_normal(len(clip)).astype(np.float32) * 10 ** random.uniform(-5, -2.5)
            clips.append(clip * 10 ** random.uniform(-0.4, 0.3) + noise)
            wanted.append(names[lot][first : first + options.frames + 1])
        target = torch.from_numpy(np.stack(wanted))
        scores = listener(torch.from_numpy(np.stack(clips)))[1]
        loss = F.cross_entropy(scores, target)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        falling.step()
        now = torch.stack([loss.detach(), (scores.argmax(1) == target).float().mean()])
        smooth = now if smooth is None else smooth.lerp(now, 0.03)
        if step % 50 == 0:
            print(f"{step} loss {smooth[0]:.3f} right {smooth[1]:.3f} {time.time() - started:.0f} s", flush=True)
    torch.save(dict(phones=phones, weights=listener.state_dict()), work / options.out)


if __name__ == "__main__":
    main()
