"""Speech from the checkpoints of the training, as the engine makes it: delay pattern, sampling, RAS.

usage: generate.py TEXT -o FILE [--voice NAME]   (the prompt is the plain one, or a clip of the voice by turns)
"""
import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import tokenizer as words
from codec import load_codec
from conversations import Vocabulary, delay
from lm import load_language_model
from lots import HOP
from reading import read
from teachers import Teachers
from voices import BY_NAME
from wav import write_wav


@dataclass
class Speech:
    """`sound` at 24 kHz; whether the generation ran to its limit; the words' times, where the shipped engine was asked for them."""

    sound: np.ndarray
    limited: bool
    words: tuple = ()


class Generator:
    """The trained parts together; texts are handed over as phones (reading.py).

    `repeats`: RAS draws a code again, from the raw logits, that was found so often in the last 7 frames; 0: never.
    """

    def __init__(
        self, work, language_model="lm.pt", temperature=0.3, top_k=30, top_p=0.95, repeats=0, device="cpu",
        codec="codec.pt",
    ):  # fmt: skip
        self.model, self.state = load_language_model(work / language_model, device)
        self.model.eval()
        self.codec = load_codec(work / codec).to(device)
        self.tokenizer = words.make_core()
        self.vocabulary = Vocabulary()
        self.temperature, self.top_k, self.top_p, self.device = temperature, top_k, top_p, device
        self.repeats = repeats

    def encode(self, sound):
        frames = -(-len(sound) // HOP)
        padded = torch.zeros(1, 1, frames * HOP)
        padded[0, 0, : len(sound)] = torch.from_numpy(sound)
        with torch.no_grad():
            return self.codec.encode(padded.to(self.device))[0].cpu().numpy()

    def prompt(self, text, scene_lines=(), turns=()):
        """`scene_lines`: per speaker, a description or a clip's codes; `turns`: (transcript, codes) pairs."""
        audio = "<|audio_out_bos|><|AUDIO_OUT|><|audio_eos|>"
        clips, lines = [], []
        for i, line in enumerate(scene_lines):
            if isinstance(line, str):
                lines.append(f"SPEAKER{i}: {line}")
            else:
                lines.append(f"SPEAKER{i}: {audio}")
                clips.append(line)
        parts = ["<|begin_of_text|>", words.header("system"), words.SYSTEM, words.SCENE_START, words.ROOM]
        if lines:
            parts += ["\n\n", "\n".join(lines)]
        parts += [words.SCENE_END, "<|eot_id|>"]
        for transcript, codes in turns:
            parts += [words.header("user"), transcript, "<|eot_id|>", words.header("assistant"), audio, "<|eot_id|>"]
            clips.append(codes)
        parts += [words.header("user"), text, "<|eot_id|>", words.header("assistant"), "<|audio_out_bos|>"]
        ids, rows, clips = [], [], iter(clips)
        books = self.model.sizes.codebooks
        for token in self.tokenizer.encode("".join(parts), add_special_tokens=False).ids:
            if token != self.vocabulary.audio:
                ids.append(token)
                rows.append(np.zeros((1, books), np.int64))
                continue
            clip = delay(next(clips), self.model.sizes.bos, self.model.sizes.eos)
            ids += [self.vocabulary.audio] * (len(clip) - books + 1) + [self.vocabulary.delay] * (books - 1)
            rows.append(clip)
        ids = torch.tensor([ids])
        is_audio = (ids == self.vocabulary.audio) | (ids == self.vocabulary.delay)
        return ids, torch.from_numpy(np.concatenate(rows))[None], is_audio

    def _draw(self, logits, random, recent):
        raw = logits.clone()
        raw[:, self.model.sizes.bos] = -torch.inf
        if self.temperature == 0:
            return raw.argmax(-1)
        scores = raw / self.temperature
        if self.top_k:
            scores = scores.masked_fill(scores < scores.topk(self.top_k, -1).values[:, -1:], -torch.inf)
        if self.top_p < 1:
            ordered, order = scores.sort(-1, descending=True)
            share = ordered.softmax(-1)
            beyond = share.cumsum(-1) - share >= self.top_p
            scores = scores.masked_fill(torch.zeros_like(beyond).scatter(1, order, beyond), -torch.inf)
        drawn = torch.multinomial(scores.softmax(-1), 1, generator=random)[:, 0]
        if recent and self.repeats:
            window = torch.stack(recent[-7:])
            repeated = ((window == drawn) & (window < self.model.sizes.codes)).sum(0) >= self.repeats
            again = torch.multinomial(raw.softmax(-1), 1, generator=random)[:, 0]
            drawn = torch.where(repeated, again, drawn)
        return drawn

    @torch.no_grad()
    def codes(self, prompt, seed=0, longest=250):
        """-> codes [C, n], whether the limit was met."""
        sizes = self.model.sizes
        books, bos, eos = sizes.codebooks, sizes.bos, sizes.eos
        random = torch.Generator().manual_seed(seed)
        ids, codes, is_audio = prompt
        caches = [{} for _ in self.model.layers]
        logits = self.model(ids, codes, is_audio, caches=caches)[0, -1]
        at, rows, closed, limited = ids.shape[1], [], 0, False
        while True:
            row = self._draw(logits.view(books, -1), random, rows)
            row[len(rows) :] = bos
            if closed:
                closed += 1
            elif len(rows) >= longest:
                closed, limited = 1, True
            elif (row == eos).any():
                closed = int((row == eos).nonzero()[-1]) + 1
            row[:closed] = eos
            rows.append(row)
            if closed >= books:
                break
            logits = self.model(
                torch.tensor([[self.vocabulary.audio]]), row[None, None], torch.tensor([[True]]), at, caches
            )[0, -1]
            at += 1
        frames = torch.stack(rows)[1:-1]
        count = len(frames) - books + 1
        if count < 1:
            return np.zeros((books, 1), np.int64), limited
        return torch.stack([frames[k : k + count, k] for k in range(books)]).clamp(0, sizes.codes - 1).numpy(), limited

    def speak(self, text, scene_lines=(), turns=(), seed=0, longest=250):
        codes, limited = self.codes(self.prompt(text, scene_lines, turns), seed, longest)
        with torch.no_grad():
            return Speech(self.codec.decode(torch.from_numpy(codes)[None])[0, 0].numpy(), limited)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("text")
    arguments.add_argument("-o", "--out", type=Path, default=Path("speech.wav"))
    arguments.add_argument("--voice", choices=list(BY_NAME))
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--language-model", default="lm.pt")
    arguments.add_argument("--codec", default="codec.pt")
    arguments.add_argument("--temperature", type=float, default=0.3)
    arguments.add_argument("--seed", type=int, default=0)
    options = arguments.parse_args()
    generator = Generator(options.work, options.language_model, options.temperature, codec=options.codec)
    turns, british = [], False
    if options.voice:
        voice, said = BY_NAME[options.voice], "The morning train was late, but nobody minded the wait."
        british = voice.british
        turns = [(read(said, british), generator.encode(Teachers(options.work).speak(said, voice)))]
    write_wav(options.out, generator.speak(read(options.text, british), turns=turns, seed=options.seed).sound)


if __name__ == "__main__":
    main()
