"""Stage "listener": a small net that names the phone of every 10 ms and who speaks; `train_codec.py --listener` lets it judge.

Spectra alone count a lost consonant no more than a lost breath, and a lost speaker not at all. The listener learns from the
originals, whose teachers tell when each phone sounds and who speaks; what the codec makes of a sound is then to excite it
as the sound itself does. It is dropped afterwards. It hears two spectra every 10 ms: 25 ms long, 40 bands from 130 Hz to
6.8 kHz, as common recognisers do, and 50 ms long, 40 bands up to 2 kHz, which resolve a voice's pitch.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from lots import read_lots, who
from mel import mel_bank
from reading import MARKS

HOP, RATE = 240, 24_000
SPECTRA = [(600, 40, 130, 6800), (1200, 40, 50, 2000)]
"""Length, bands, lowest and highest frequency."""
FLOOR = 3e-3
WIDTH, DILATIONS = 160, (1, 2, 3)
EMBEDDING = 96
PAUSE = "pause"


class Listener(nn.Module):
    def __init__(self, phones, speakers):
        super().__init__()
        self.phones, self.speakers = phones, speakers
        for i, (length, bands, low, high) in enumerate(SPECTRA):
            self.register_buffer(f"bank{i}", mel_bank(length, bands, low, high))
            self.register_buffer(f"window{i}", torch.hann_window(length))
        self.first = nn.Conv1d(sum(bands for _, bands, _, _ in SPECTRA), WIDTH, 5, padding=2)
        self.blocks = nn.ModuleList([nn.Conv1d(WIDTH, WIDTH, 5, padding=2 * d, dilation=d) for d in DILATIONS])
        self.names = nn.Conv1d(WIDTH, len(phones), 1)
        self.person = nn.Linear(2 * WIDTH * len(DILATIONS), EMBEDDING)
        self.people = nn.Linear(EMBEDDING, len(speakers), bias=False)

    def spectra(self, x):
        parts = []
        for i, (length, *_) in enumerate(SPECTRA):
            bank, window = getattr(self, f"bank{i}"), getattr(self, f"window{i}")
            spectrum = torch.stft(x, length, HOP, window=window, return_complex=True).abs()
            logs = torch.log10((bank @ spectrum).clamp_min(FLOOR))
            parts.append(logs - logs.mean((1, 2), keepdim=True))
        return torch.cat(parts, 1)

    def forward(self, x):
        """x [B, N] -> what each layer makes of it, each [B, WIDTH, N / HOP + 1]; scores of the phones; who it is [B, E]."""
        layers = [F.gelu(self.first(self.spectra(x)))]
        for block in self.blocks:
            layers.append(layers[-1] + F.gelu(block(layers[-1])))
        pooled = [part for layer in layers[1:] for part in (layer.mean(-1), (layer.var(-1) + 1e-4).sqrt())]
        return layers, self.names(layers[-1]), F.normalize(self.person(torch.cat(pooled, 1)), dim=1)

    def distance(self, y, x):
        """How differently y and x [B, N] are heard: by layers, relative to what x excites; in the phones; in who speaks."""
        with torch.no_grad():
            wanted, names, person = self(x)
        heard, scores, someone = self(y)
        layers = sum((a - b).abs().mean() / b.abs().mean() for a, b in zip(heard, wanted)) / len(wanted)
        names = F.kl_div(scores.log_softmax(1), names.log_softmax(1), log_target=True, reduction="none").sum(1).mean()
        return layers, names, (1 - (person * someone).sum(1)).mean()


def load_listener(path):
    state = torch.load(path, map_location="cpu")
    listener = Listener(state["phones"], state["speakers"])
    listener.load_state_dict(state["weights"])
    return listener.eval().requires_grad_(False)


def heard_as(times):
    """[(phone, start, end)] with what does not sound by itself joined to what does: stress to the phone behind it, length
    to the one before, blanks to both; marks are pauses."""
    out, waiting = [], None
    for phone, start, end in times:
        if phone in "ˈˌ":
            waiting = start if waiting is None else waiting
        elif phone == "ː" and out:
            out[-1][2] = end
        elif phone == " ":
            if out and out[-1][0] != PAUSE:
                out[-1][2] = (start + end) / 2
            waiting = (start + end) / 2
        else:
            out.append([PAUSE if phone in MARKS else phone, start if waiting is None else waiting, end])
            waiting = None
    return out


def frame_names(lot, index):
    """The phone of every 10 ms of a lot."""
    names = np.full(lot.offsets[-1] // HOP + 1, index[PAUSE], np.int64)
    for entry, offset in zip(lot.entries, lot.offsets):
        begin = offset / RATE
        for name, first, last in heard_as(entry["times"]):
            names[round((begin + first) * RATE / HOP) : round((begin + last) * RATE / HOP)] = index[name]
    return names


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--speech", required=True, help="names of lots, separated by commas")
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
    lots = read_lots(work, options.speech)
    phones = sorted({name for lot in lots for entry in lot.entries for name, *_ in heard_as(entry["times"])} | {PAUSE})
    speakers = sorted({who(entry["speaker"]) for lot in lots for entry in lot.entries})
    index, numbers = ({name: i for i, name in enumerate(some)} for some in (phones, speakers))
    names = [frame_names(lot, index) for lot in lots]
    people = {}
    for number, lot in enumerate(lots):
        for i, entry in enumerate(lot.entries):
            if entry["samples"] > options.frames * HOP + 1:
                people.setdefault(who(entry["speaker"]), []).append((number, i))
    everyone = list(people)
    # One speaker's hours are not to count as much more than another's minute.
    shares = np.array([min(len(people[name]), 40) for name in everyone], float) ** 0.7
    shares /= shares.sum()
    listener = Listener(phones, speakers)
    optimizer = torch.optim.AdamW(listener.parameters(), lr=options.rate, weight_decay=0.01)
    falling = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.rate, options.steps, pct_start=0.1)
    smooth, started = None, time.time()
    for step in range(1, options.steps + 1):
        clips, wanted, speaking = [], [], []
        for speaker in random.choice(len(everyone), options.clips, p=shares):
            number, i = people[everyone[speaker]][random.integers(len(people[everyone[speaker]]))]
            lot = lots[number]
            first = -(-lot.offsets[i] // HOP)
            first += random.integers(0, max(1, (lot.offsets[i + 1] // HOP) - first - options.frames))
            clip = lot.sound[first * HOP : (first + options.frames) * HOP].astype(np.float32) / 32768
            noise = random.standard_normal(len(clip)).astype(np.float32) * 10 ** random.uniform(-5, -2.5)
            clips.append(clip * 10 ** random.uniform(-0.4, 0.3) + noise)
            wanted.append(names[number][first : first + options.frames + 1])
            speaking.append(numbers[everyone[speaker]])
        target, speaking = torch.from_numpy(np.stack(wanted)), torch.tensor(speaking)
        _, scores, person = listener(torch.from_numpy(np.stack(clips)))
        people_scores = 16 * person @ F.normalize(listener.people.weight, dim=1).t()
        margin = 16 * 0.15 * F.one_hot(speaking, len(speakers))
        loss = F.cross_entropy(scores, target) + 0.3 * F.cross_entropy(people_scores - margin, speaking)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        falling.step()
        right = (scores.argmax(1) == target).float().mean(), (people_scores.argmax(1) == speaking).float().mean()
        now = torch.stack([loss.detach(), *right])
        smooth = now if smooth is None else smooth.lerp(now, 0.03)
        if step % 50 == 0:
            print(
                f"{step} loss {smooth[0]:.3f} phones {smooth[1]:.3f} speakers {smooth[2]:.3f} {time.time() - started:.0f} s",
                flush=True,
            )
    torch.save(dict(phones=phones, speakers=speakers, weights=listener.state_dict()), work / options.out)


if __name__ == "__main__":
    main()
