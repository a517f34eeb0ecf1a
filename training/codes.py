"""Stage "codes": the lots of speech as the codec's codes, with the token of the text that sounds in each frame.

For each WORK/speech/LOT.pcm writes WORK/codes/LOT.pkl, a list of
  {kind: "one" | "music", speaker: key, british: bool, text, tokens: list of token texts, codes: uint8 [codebooks, frames],
   where: int16 [frames], index of the token that sounds, at: which entry of the lot; with music also sound: int16, 24 kHz}
and skips lots that are there, so that it can follow the teachers, and blends of the speakers in `voices.KEPT_OUT`: the language
model is not to hear them before cloning.py does. Dialogues and several sentences at once are put together from
these while the language model trains (conversations.py).
"""
import argparse
import pickle
import time
from pathlib import Path

import numpy as np
import torch

from codec import load_codec
from lots import HOP, RATE, read_lots, who
from music import BED_DB, over_music
from tokenizer import MUSIC_END, MUSIC_START
from voices import KEPT_OUT

FRAME_SECONDS = HOP / RATE


def is_british(speaker):
    """By which lexicon a speaker's phones were read."""
    return (speaker if isinstance(speaker, str) else max(speaker, key=speaker.get)).startswith("b")


def is_kept_out(speaker):
    """Whether a speaker, or a parent of a blend, is one that the model is to hear for the first time when it is judged."""
    return bool(set([speaker] if isinstance(speaker, str) else speaker) & set(KEPT_OUT))


def frame_positions(begins, frames):
    """For each frame, the last token that has begun by its middle."""
    middles = (np.arange(frames) + 0.5) * FRAME_SECONDS
    return np.clip(np.searchsorted(begins, middles, side="right") - 1, 0, len(begins) - 1).astype(np.int16)


class Encoder:
    """The codec's encoder with its padding to whole frames."""

    def __init__(self, path, device="cpu"):
        self.codec, self.device = load_codec(path).to(device), device

    @torch.no_grad()
    def __call__(self, sound):
        frames = -(-len(sound) // HOP)
        padded = torch.zeros(1, 1, frames * HOP)
        padded[0, 0, : len(sound)] = torch.from_numpy(sound)
        return self.codec.encode(padded.to(self.device))[0].cpu().numpy().astype(np.uint8)

    @torch.no_grad()
    def through(self, sound):
        """A sound from its own codes, as long as it is."""
        codes = torch.from_numpy(self(sound).astype(np.int64))[None].to(self.device)
        return self.codec.decode(codes)[0, 0].cpu().numpy()[: len(sound)]


def items_of(lot, encode, music, random, share, bed_db):
    """The texts of a lot as they are, `share` of them over music as well."""
    items = []
    for i, entry in enumerate(lot.entries):
        if is_kept_out(entry["speaker"]):
            continue
        tokens, begins = [phone for phone, *_ in entry["times"]], np.array([start for _, start, _ in entry["times"]])
        samples, common = lot.samples(i), dict(
            speaker=who(entry["speaker"]), british=is_british(entry["speaker"]), text=entry["text"], at=i
        )
        codes = encode(samples)
        where = frame_positions(begins, codes.shape[1])
        items.append(dict(kind="one", tokens=tokens, codes=codes, where=where, **common))
        if random.random() < share:
            mixed, lead = over_music(samples, music, random, bed_db)
            tokens = [MUSIC_START, " ", *tokens, " ", MUSIC_END]
            begins = np.concatenate([[0, 0], begins + lead, [len(mixed) / RATE] * 2])
            codes = encode(mixed)
            where = frame_positions(begins, codes.shape[1])
            mixed = (np.clip(mixed, -1, 1) * 32767).astype(np.int16)
            items.append(dict(kind="music", tokens=tokens, codes=codes, where=where, sound=mixed, **common))
    return items


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--speech", required=True, help="names of lots, separated by commas")
    arguments.add_argument("--codec", default="codec.pt", help="checkpoint in WORK")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--music", type=float, default=0.1, help="share of texts also said over music")
    arguments.add_argument("--music-db", default="%g,%g" % BED_DB, help="how loud that music is, lowest and highest")
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    folder = options.work / "codes"
    folder.mkdir(exist_ok=True)
    music = np.fromfile(options.work / "music.pcm", np.int16)
    bed_db = [float(level) for level in options.music_db.split(",")]
    encode, started = Encoder(options.work / options.codec, options.device), time.time()
    np.save(folder / "silence.npy", encode(np.zeros(40 * HOP, np.float32))[:, 10:30])
    lots = read_lots(options.work, options.speech)
    order = np.random.default_rng(options.seed).permutation(len(lots))
    for lot in (lots[i] for i in order):
        out = folder / f"{lot.name}.pkl"
        if out.exists():
            continue
        random = np.random.default_rng([options.seed, *lot.name.encode()])
        items = items_of(lot, encode, music, random, options.music, bed_db)
        out.with_suffix(".partial").write_bytes(pickle.dumps(items))
        out.with_suffix(".partial").rename(out)
        print(lot.name, len(items), f"{time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
