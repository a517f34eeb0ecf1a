"""Pieces of speech that the codec learns from: sound, and for the decoder alone also its codes."""
import pickle

import numpy as np
import torch

from lots import HOP, who


class Clips:
    """Draws pieces of `frames` frames: speech, now and then over music, music alone, or partly silent. Speakers with hours
    do not drown those with a minute."""

    def __init__(self, lots, music, frames, device, over_music=0.12):
        self.music, self.length = np.memmap(music, np.int16, "r"), frames * HOP
        self.device, self.over_music = device, over_music
        found = {}
        for lot in lots:
            for entry, offset in zip(lot.entries, lot.offsets):
                found.setdefault(who(entry["speaker"]), []).append((lot.sound, int(offset), entry["samples"]))
        self.speakers = list(found.values())
        seconds = np.array([sum(item[2] for item in items) / 24_000 for items in self.speakers])
        self.shares = np.minimum(seconds, 3600) ** 0.5
        self.shares /= self.shares.sum()

    def _piece(self, sound, start):
        return torch.from_numpy(sound[start : start + self.length].astype(np.float32) / 32768)

    def _speech(self):
        items = self.speakers[np.random.choice(len(self.speakers), p=self.shares)]
        sound, offset, samples = items[np.random.randint(len(items))]
        start = offset + np.random.randint(-self.length // 4, max(1, samples - self.length * 3 // 4))
        return self._piece(sound, min(max(0, start), len(sound) - self.length))

    def draw(self, count):
        """-> [count, 1, N]."""
        pieces = []
        for _ in range(count):
            x, kind = self._speech(), np.random.rand()
            if kind < self.over_music:
                start = np.random.randint(0, len(self.music) - self.length)
                bed = self._piece(self.music, start) * float(10 ** (np.random.uniform(-16, -2) / 20))
                x = bed if kind < 0.2 * self.over_music else x + bed
            elif kind < self.over_music + 0.06:
                start = np.random.randint(0, self.length)
                x[start : start + np.random.randint(2400, 14400)] = 0
            pieces.append(x * float(10 ** (np.random.uniform(-6, 4) / 20)))
        return torch.stack(pieces)[:, None].clamp(-1, 1).to(self.device)


TRUSTED = 2
"""Codebooks that are to be believed: where the language model drew even these anew, the sound may be another one."""
AGAIN = 0.5
"""How often codes without a sound are some that made the decoder swell before."""
KEPT = 500


class CodedClips:
    """Draws pieces of what codes.py has encoded: sound, and its codes, which need not be made again; `foretold` of them with codes
    of foretell.py, from those lots that have some, the others of any lot: what foretell.py has had time for is soon learnt by heart."""

    def __init__(self, work, lots, frames, device, foretold):
        self.frames, self.device, self.foretold, self.wild, self.hard = frames, device, foretold, [], []
        sounds, true, drawn = {lot.name: lot for lot in lots}, {}, {}
        for path in sorted((work / "codes").glob("*.pkl")):
            lot = sounds.get(path.stem)
            if lot is None:
                continue
            items, others = pickle.loads(path.read_bytes()), work / "foretold" / path.name
            there = foretold and others.exists()
            for item, other in zip(items, pickle.loads(others.read_bytes()) if there else [None] * len(items)):
                at = item["at"]
                sound = item["sound"] if item["kind"] == "music" else lot.sound[lot.offsets[at] : lot.offsets[at + 1]]
                if other is not None and (other[:TRUSTED] != item["codes"][:TRUSTED]).any():
                    if other.shape[1] >= frames:
                        self.wild.append(other)
                    other = None
                for stock, codes in ((true, item["codes"]), (drawn, other)):
                    if codes is not None and codes.shape[1] > frames:
                        stock.setdefault(item["speaker"], []).append((sound, codes))
        self.true, self.drawn = self._shared(true), self._shared(drawn) if drawn else None

    def _shared(self, stock):
        """-> each speaker's clips, and how often they are to speak."""
        frames = np.array([sum(codes.shape[1] for _, codes in items) for items in stock.values()])
        shares = np.minimum(frames, 90_000) ** 0.5
        return list(stock.values()), shares / shares.sum()

    def draw(self, count):
        """-> [count, 1, N], codes [count, Q, T]."""
        pieces, drawn = [], []
        for _ in range(count):
            speakers, shares = self.drawn if self.drawn and np.random.rand() < self.foretold else self.true
            items = speakers[np.random.choice(len(speakers), p=shares)]
            sound, codes = items[np.random.randint(len(items))]
            start = np.random.randint(0, codes.shape[1] - self.frames)
            piece = sound[start * HOP : (start + self.frames) * HOP].astype(np.float32) / 32768
            pieces.append(torch.from_numpy(np.pad(piece, (0, self.frames * HOP - len(piece)))))
            drawn.append(torch.from_numpy(codes[:, start : start + self.frames].astype(np.int64)))
        return torch.stack(pieces)[:, None].to(self.device), torch.stack(drawn).to(self.device)

    def draw_wild(self, count):
        """-> codes [count, Q, T] that no sound is known of: as the language model draws them by itself. Those that made the decoder
        swell come again until they do not."""
        drawn = []
        for _ in range(count):
            if self.hard and np.random.rand() < AGAIN:
                drawn.append(self.hard.pop(np.random.randint(len(self.hard))))
                continue
            codes = self.wild[np.random.randint(len(self.wild))]
            start = np.random.randint(0, codes.shape[1] - self.frames + 1)
            drawn.append(torch.from_numpy(codes[:, start : start + self.frames].astype(np.int64)))
        return torch.stack(drawn).to(self.device)

    def keep(self, codes, swelling):
        self.hard += [codes[i].cpu() for i in swelling.nonzero()[:, 0].tolist()]
        del self.hard[:-KEPT]
