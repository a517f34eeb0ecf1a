"""Stage "codes": spoken sentences as the codec's codes, with the text as phones and where in it each frame is.

Writes WORK/codes-NAME.pkl, a list of
  {kind: "one" | "two" | "music", voice: index or tuple of indices, text, tokens: list of token texts,
   codes: uint8 [codebooks, frames], where: int16 [frames], the index of the token that sounds}
"""
import argparse
import pickle
import re
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from codec import load_codec
from flite import Flite
from music import BED_DB, over_music
from pronunciation import CONTRACTIONS, spell
from tokenizer import MUSIC_END, MUSIC_START
from voices import VOICE_INDEX

HOP, RATE = 960, 24_000
FRAME_SECONDS = HOP / RATE


class Transcriber:
    """Texts as phones, just as flite's lexicon has them (the shipped rules come near, see pronunciation.py)."""

    def __init__(self):
        self._flite = Flite()

    @lru_cache(maxsize=200_000)
    def word(self, word):
        if word in CONTRACTIONS:
            return CONTRACTIONS[word]
        fixed = {"the": "Ðə", "a": "ə", "to": "Tə"}
        if word in fixed:
            return fixed[word]
        if word.endswith("'s"):
            stem = self.word(word[:-2])
            return stem + ("S" if stem[-1] in "PTKFÞ" else "ìZ" if stem[-1] in "SZƩƷCJ" else "Z")
        return spell(self._flite.pronounce(word.replace("'", "")))

    def tokens(self, text, phones=()):
        """-> token texts of `text` and, for each, where it begins and ends in seconds (by the teacher's `phones`)."""
        words, begins, ends = [], [], []
        spans = {}
        for name, start, end, index in phones:
            if index >= 0 and name != "pau":
                spans.setdefault(index, []).append((start, end))
        last = 0.0
        for index, raw in enumerate(text.lower().split()):
            head, word, tail = re.fullmatch(r"([^a-z]*)(.*?)([^a-z]*)", raw).groups()
            span = spans.get(index, [(last, last)])
            if index:
                words.append(" ")
                begins.append(last)
                ends.append(span[0][0])
            spoken = self.word(word) if word else ""
            for letter in head:
                words.append(letter)
                begins.append(span[0][0])
                ends.append(span[0][0])
            for k, phone in enumerate(spoken):
                words.append(phone)
                if len(spoken) == len(span):
                    begins.append(span[k][0])
                    ends.append(span[k][1])
                else:
                    length = (span[-1][1] - span[0][0]) / len(spoken)
                    begins.append(span[0][0] + k * length)
                    ends.append(span[0][0] + (k + 1) * length)
            last = span[-1][1]
            for letter in tail:
                words.append(letter)
                begins.append(last)
                ends.append(last)
        return words, np.array(begins), np.array(ends)


def frame_positions(begins, frames):
    """For each frame, the last token that has begun by its middle."""
    middles = (np.arange(frames) + 0.5) * FRAME_SECONDS
    return np.clip(np.searchsorted(begins, middles, side="right") - 1, 0, len(begins) - 1).astype(np.int16)


class Encoder:
    """The codec's encoder with its padding to whole frames."""

    def __init__(self, path, device):
        self.codec, self.device = load_codec(path).to(device), device

    @torch.no_grad()
    def __call__(self, sound):
        frames = -(-len(sound) // HOP)
        padded = torch.zeros(1, 1, frames * HOP)
        padded[0, 0, : len(sound)] = torch.from_numpy(sound)
        return self.codec.encode(padded.to(self.device))[0].cpu().numpy().astype(np.uint8)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--name", required=True, help="which speech-NAME")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--first", type=int, default=0, help="utterance to begin with")
    arguments.add_argument("--limit", type=int, help="utterance to end before")
    arguments.add_argument("--out", help="NAME of what is written; left out: the same")
    arguments.add_argument("--codec", default="codec.pt", help="checkpoint in WORK")
    arguments.add_argument("--two", type=float, default=0.0, help="share of utterances that get an answer")
    arguments.add_argument("--music", type=float, default=0.0, help="share of utterances also said over music")
    arguments.add_argument("--music-db", default="%g,%g" % BED_DB, help="how loud that music is, lowest and highest")
    arguments.add_argument("--derived-only", action="store_true", help="leave out the utterances as they are")
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    random = np.random.default_rng(options.seed)
    work = options.work
    spoken = pickle.loads((work / f"speech-{options.name}.pkl").read_bytes())
    pcm = np.memmap(work / f"speech-{options.name}.pcm", np.int16, "r")
    offsets = np.concatenate([[0], np.cumsum([item["samples"] for item in spoken])])
    music = np.fromfile(work / "music.pcm", np.int16) if options.music else None
    bed_db = [float(level) for level in options.music_db.split(",")]
    encode, transcriber = Encoder(work / options.codec, options.device), Transcriber()
    short = [i for i, item in enumerate(spoken) if item["samples"] < 2.6 * RATE]

    def sound(i):
        return pcm[offsets[i] : offsets[i + 1]].astype(np.float32) / 32768

    def item(kind, voice, text, tokens, begins, samples):
        codes = encode(samples)
        return dict(
            kind=kind, voice=voice, text=text, tokens=tokens, codes=codes,
            where=frame_positions(begins, codes.shape[1]),
        )  # fmt: skip

    items, started = [], time.time()
    for i, one in list(enumerate(spoken))[options.first : options.limit]:
        voice, samples = VOICE_INDEX[one["voice"]], sound(i)
        tokens, begins, _ = transcriber.tokens(one["text"], one["phones"])
        if not options.derived_only:
            items.append(item("one", voice, one["text"], tokens, begins, samples))
        draw = random.random()
        if draw < options.music:
            mixed, lead = over_music(samples, music, random, bed_db)
            tokens_ = [MUSIC_START, " ", *tokens, " ", MUSIC_END]
            begins_ = np.concatenate([[0, 0], begins + lead, [len(mixed) / RATE] * 2])
            items.append(item("music", voice, one["text"], tokens_, begins_, mixed))
        elif draw < options.music + options.two:
            parts = [i]
            other = int(random.choice(short))
            if spoken[other]["voice"] == one["voice"] or one["samples"] > 3.5 * RATE:
                continue
            parts.append(other)
            sounds, tokens_, begins_, at = [], [], [], 0
            for turn, j in enumerate(parts):
                words, times, _ = transcriber.tokens(spoken[j]["text"], spoken[j]["phones"])
                if turn:
                    gap = int(random.uniform(0.1, 0.3) * RATE)
                    sounds.append(np.zeros(gap, np.float32))
                    at += gap
                    tokens_ += [" "]
                    begins_ += [at / RATE]
                tokens_ += [f"[SPEAKER{turn}]", " ", *words]
                begins_ += [at / RATE, at / RATE, *(times + at / RATE)]
                sounds.append(sound(j))
                at += len(sounds[-1])
            voices = tuple(VOICE_INDEX[spoken[j]["voice"]] for j in parts)
            text = " ".join(f"[SPEAKER{turn}] {spoken[j]['text']}" for turn, j in enumerate(parts))
            items.append(item("two", voices, text, tokens_, np.array(begins_), np.concatenate(sounds)))
        if i % 200 == 0:
            print(f"{i} of {len(spoken)}, {time.time() - started:.0f} s", flush=True)
    with open(work / f"codes-{options.out or options.name}.pkl", "wb") as out:
        pickle.dump(items, out)
    print(len(items), "items,", sum(one["codes"].shape[1] for one in items) * FRAME_SECONDS / 3600, "h")


if __name__ == "__main__":
    main()
