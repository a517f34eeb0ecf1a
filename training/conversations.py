"""Items of codes.py laid out as conversations: what one row of a training batch holds."""
import pickle
import random
from dataclasses import dataclass

import numpy as np

import tokenizer as words
from voices import VOICE_INDEX

# Voices that a description in the scene asks for.
DESCRIBED = {VOICE_INDEX["ella"]: "feminine", VOICE_INDEX["robert"]: "masculine"}
PLAIN = VOICE_INDEX["ella"]
NOWHERE = -1


def delay(codes, bos, eos):
    """[C, n] codes -> [n + 2 + C - 1, C] rows: a column of bos before, one of eos after, codebook k k rows later."""
    books, frames = codes.shape
    rows = np.full((frames + 1 + books, books), eos, np.int64)
    for k in range(books):
        rows[: k + 1, k] = bos
        rows[k + 1 : k + 1 + frames, k] = codes[k]
    return rows


@dataclass
class Row:
    """One conversation: T positions. `target`, `position` and `phone` at t are for the frame that follows t."""

    ids: np.ndarray  # [T] token ids
    codes: np.ndarray  # [T, C] codes, 0 at text
    is_audio: np.ndarray  # [T]
    counts: np.ndarray  # [T] whether the prediction at t counts
    target: np.ndarray  # [T, C] the next frame
    position: np.ndarray  # [T] where in the conversation the token stands that sounds next, or NOWHERE
    phone: np.ndarray  # [T] that token's id


class Vocabulary:
    """Ids of the tokens that conversations are made of."""

    def __init__(self):
        core = words.make_core()
        self.size = core.get_vocab_size()
        self._core, self._ids = core, {}
        self.text_start = self["<|begin_of_text|>"]
        self.audio, self.delay = self["<|AUDIO_OUT|>"], self["<|reserved_special_token_6|>"]
        self.audio_start, self.audio_end = self["<|audio_out_bos|>"], self["<|audio_eos|>"]
        self.turn_end = self["<|eot_id|>"]

    def __getitem__(self, token):
        if token not in self._ids:
            found = self._core.encode(token, add_special_tokens=False).ids
            assert len(found) == 1, token
            self._ids[token] = found[0]
        return self._ids[token]


class _Builder:
    def __init__(self, vocabulary, books, bos, eos):
        self.vocabulary, self.books, self.bos, self.eos = vocabulary, books, bos, eos
        self.ids, self.audio = [], []

    def say(self, *tokens):
        self.ids.extend(self.vocabulary[token] for token in tokens)

    def text(self, item):
        start = len(self.ids)
        self.say(*item["tokens"])
        return start

    def sound(self, item, text_at=None, skip=0, counts=True):
        rows = delay(item["codes"], self.bos, self.eos)
        self.ids.append(self.vocabulary.audio_start)
        self.audio.append((len(self.ids), rows, item, text_at, skip, counts))
        self.ids += [self.vocabulary.audio] * (len(rows) - self.books + 1)
        self.ids += [self.vocabulary.delay] * (self.books - 1)

    def row(self):
        length = len(self.ids)
        ids = np.array(self.ids)
        codes, target = np.zeros((2, length, self.books), np.int64)
        is_audio, counts = np.zeros((2, length), bool)
        position, phone = np.full(length, NOWHERE), np.zeros(length, np.int64)
        for start, rows, item, text_at, skip, count in self.audio:
            end = start + len(rows)
            codes[start:end] = rows
            is_audio[start:end] = True
            if not count:
                continue
            # Position t predicts the frame at t + 1; the all-bos frame at `start` is forced.
            counts[start + skip : end - 1] = True
            target[start - 1 : end - 1] = rows
            if text_at is not None:
                frames = len(item["where"])
                position[start : start + frames] = text_at + item["where"]
                phone[start : start + frames] = ids[position[start : start + frames]]
        return Row(ids, codes, is_audio, counts, target, position, phone)


class Conversations:
    """Draws conversations of every form from items.

    `forms` are weights: plain (the default voice), described, scene (a clip in the scene), turn (a clip by turns),
    two (two speakers), music (speech over music, in any of the other forms).
    """

    def __init__(self, paths, forms, vocabulary, sizes, seed=0, longest=620):
        self.random = random.Random(seed)
        self.vocabulary, self.sizes, self.longest = vocabulary, sizes, longest
        items = [item for path in paths for item in pickle.loads(path.read_bytes())]
        self.one, self.music, self.two = {}, {}, []
        for item in items:
            if item["kind"] == "two":
                self.two.append(item)
            else:
                (self.one if item["kind"] == "one" else self.music).setdefault(item["voice"], []).append(item)
        self.clips = {voice: [i for i in some if 20 <= i["codes"].shape[1] <= 80] for voice, some in self.one.items()}
        self.forms = {form: weight for form, weight in forms.items() if weight > 0}

    def _scene(self, build, lines=()):
        """The system turn; `lines` are functions that write one line each."""
        build.say("<|begin_of_text|>", words.header("system"), words.SYSTEM)
        room = self.random.random() < 0.85
        if room or lines:
            build.say(words.SCENE_START)
            if room:
                build.say(words.ROOM)
            for i, line in enumerate(lines):
                if i or room:
                    build.say("\n" if i else "\n\n")
                line()
            build.say(words.SCENE_END)
        build.say("<|eot_id|>")

    def _clip(self, build, voice, speaker):
        def line():
            build.say(f"SPEAKER{speaker}:", " ")
            build.sound(self.random.choice(self.clips[voice]), counts=False)
            build.say("<|audio_eos|>")

        return line

    def _description(self, build, voice, speaker):
        return lambda: build.say(f"SPEAKER{speaker}:", " ", DESCRIBED[voice])

    def _turn(self, build, item, tag=False, skip=0):
        build.say(words.header("user"))
        if tag:
            build.say("[SPEAKER0]", " ")
        at = build.text(item)
        build.say("<|eot_id|>", words.header("assistant"))
        build.sound(item, at, skip)

    def draw(self):
        while True:
            row = self._draw()
            if len(row.ids) <= self.longest:
                return row

    def _draw(self):
        rng = self.random
        build = _Builder(self.vocabulary, self.sizes.codebooks, self.sizes.bos, self.sizes.eos)
        form = rng.choices(list(self.forms), weights=list(self.forms.values()))[0]
        if form == "two":
            item = rng.choice(self.two)
            described = set(item["voice"]) <= set(DESCRIBED) and rng.random() < 0.5
            line = self._description if described else self._clip
            self._scene(build, [line(build, voice, i) for i, voice in enumerate(item["voice"])])
            self._turn(build, item)
            return build.row()
        stock = self.one
        if form == "music":
            stock = self.music
            form = rng.choice(["plain", "scene", "turn"] if PLAIN in stock else ["scene", "turn"])
        if form == "plain":
            voice = PLAIN
        elif form == "described":
            voice = rng.choice([voice for voice in DESCRIBED if voice in stock])
        else:
            voice = rng.choice(list(stock))
        item = rng.choice(stock[voice])
        tag = rng.random() < (0.7 if form == "described" else 0.4 if form == "scene" else 0.12)
        if form == "described":
            self._scene(build, [self._description(build, voice, 0)])
        elif form == "scene":
            self._scene(build, [self._clip(build, voice, 0)])
        else:
            self._scene(build)
            if form == "turn":
                # What voice the clip has cannot be known at its beginning.
                self._turn(build, rng.choice(self.clips[voice]), skip=0 if voice == PLAIN else 4)
                build.say("<|audio_eos|>", "<|eot_id|>")
        self._turn(build, item, tag)
        return build.row()
