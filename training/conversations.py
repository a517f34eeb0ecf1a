"""Items of codes.py laid out as conversations: what one row of a training batch holds."""
import pickle
import random
from dataclasses import dataclass

import numpy as np

import tokenizer as words
from reading import SENTENCE_END
from voices import BY_SPEAKER, VOICES

PLAIN = VOICES[0].speaker
CLIP_TEXTS = {voice.speaker: voice.clip for voice in VOICES}
FRAMES_PER_SECOND = 25
LONGEST_SPEECH = 16 * FRAMES_PER_SECOND
CLIP_FRAMES = 20, 250
SHIPPED_CLIP = 0.4
"""How often a named voice's clip is the one that ships."""
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
    person: np.ndarray  # [T] who speaks in the frame that follows t, by their number in `people`, or NOWHERE


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
        position, phone, person = np.full(length, NOWHERE), np.zeros(length, np.int64), np.full(length, NOWHERE)
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
                person[start + skip : start + frames] = np.broadcast_to(item.get("person", NOWHERE), frames)[skip:]
        return Row(ids, codes, is_audio, counts, target, position, phone, person)


def without(items, apart):
    """The items that are none of `apart`; all where nothing is left."""
    left = [item for item in items if all(item is not other for other in apart)]
    return left or items


def joined(items, silence, random, tags=None):
    """Texts of one item after the other as one item, with a short pause between; `tags` go before each."""
    tokens, codes, where, person = [], [], [], []
    for number, item in enumerate(items):
        at = len(tokens) + (number > 0) + (2 if tags else 0)
        if number:
            pause = random.randint(0, 6)
            codes.append(silence[:, :pause])
            where.append(np.full(pause, len(tokens), np.int16))
            person.append(np.full(pause, item.get("person", NOWHERE)))
        tokens += [" "] * (number > 0) + ([tags[number], " "] if tags else []) + item["tokens"]
        codes.append(item["codes"])
        where.append(item["where"] + at)
        person.append(np.full(item["codes"].shape[1], item.get("person", NOWHERE)))
    codes, where, person = np.concatenate(codes, 1), np.concatenate(where), np.concatenate(person)
    return dict(tokens=tokens, codes=codes, where=where, person=person)


class Conversations:
    """Draws conversations of every form from the items in WORK/codes, and looks for new ones now and then.

    `forms` are weights: plain (the default voice), described, scene (a clip in the scene), turn (a clip by turns),
    two (two speakers), music (speech over music, in any of the other forms). `named`: how often a clip is one of the
    named voices', the others being blends. `people`: keys of the speakers that the model is to name.
    """

    def __init__(self, folder, forms, vocabulary, sizes, seed=0, longest=900, named=0.6, people=()):
        self.random, self.folder = random.Random(seed), folder
        self.people = {key: number for number, key in enumerate(people)}
        self.vocabulary, self.sizes, self.longest, self.named = vocabulary, sizes, longest, named
        self.forms = {form: weight for form, weight in forms.items() if weight > 0}
        self.one, self.music, self.shipped, self._read, self._drawn = {}, {}, {}, set(), 0
        self.look()

    def look(self):
        """Takes in what codes.py has written since."""
        self.silence = np.load(self.folder / "silence.npy")
        for path in sorted(set(self.folder.glob("*.pkl")) - self._read):
            self._read.add(path)
            for item in pickle.loads(path.read_bytes()):
                item.pop("sound", None)
                item["person"] = self.people.get(item["speaker"], NOWHERE)
                if item["kind"] == "one" and item["text"] == CLIP_TEXTS.get(item["speaker"]):
                    self.shipped[item["speaker"]] = item
                stock = self.one if item["kind"] == "one" else self.music
                stock.setdefault(item["speaker"], []).append(item)
        several = [speaker for speaker, items in self.one.items() if len(items) > 1]
        self.known = [speaker for speaker in several if speaker in BY_SPEAKER]
        self.blends = [speaker for speaker in several if speaker not in BY_SPEAKER]
        # Of blends with much to say more is to be learnt, and of those with little it is soon learnt by heart.
        self.shares = {speaker: 1 if speaker in BY_SPEAKER else len(self.one[speaker]) ** 0.5 for speaker in several}

    def _someone(self):
        some = self.known if not self.blends or self.random.random() < self.named else self.blends
        return self.random.choices(some, [self.shares[speaker] for speaker in some])[0]

    def _speech(self, speaker, longest=LONGEST_SPEECH, apart=()):
        """One to four texts of a speaker as one, none of them in `apart`."""
        rng = self.random
        stock = without(rng.sample(self.one[speaker], min(8, len(self.one[speaker]))), apart)
        wanted, taken, frames = rng.choices([1, 2, 3, 4], [0.62, 0.2, 0.1, 0.08])[0], [], 0
        for item in stock:
            if taken and (len(taken) == wanted or frames + item["codes"].shape[1] > longest):
                break
            taken.append(item)
            frames += item["codes"].shape[1]
        item = taken[0] if len(taken) == 1 else joined(taken, self.silence, rng)
        if len(taken) == 1 and item["tokens"][-1] in SENTENCE_END and rng.random() < 0.06:
            # Some people write no full stop.
            last = len(item["tokens"]) - 2
            item = dict(item, tokens=item["tokens"][:-1], where=np.minimum(item["where"], last))
        return item, taken

    def _clip_of(self, speaker):
        """-> an item that is the speaker's clip, and the texts that it is made of."""
        if speaker in self.shipped and self.random.random() < SHIPPED_CLIP:
            return self.shipped[speaker], [self.shipped[speaker]]
        low, high = CLIP_FRAMES
        for _ in range(8):
            item, taken = self._speech(speaker, high)
            if low <= item["codes"].shape[1] <= high:
                return item, taken
        return item, taken

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

    def _clip(self, build, clip, speaker):
        def line():
            build.say(f"SPEAKER{speaker}:", " ")
            build.sound(clip, counts=False)
            build.say("<|audio_eos|>")

        return line

    def _description(self):
        """-> words, and the speaker that they ask for: the first of the voices that has them all."""
        said = self.random.choice(VOICES).description.split(", ")
        count = self.random.choice([1, 2, 2, 3, 3])
        said = said[:1] + sorted(self.random.sample(said[1:], count - 1), key=said.index)
        return said, next(voice for voice in VOICES if set(said) <= set(voice.description.split(", "))).speaker

    def _describe(self, build, said, speaker):
        def line():
            build.say(f"SPEAKER{speaker}:", " ")
            for i, word in enumerate(said):
                build.say(*([",", " "] if i else []), word)

        return line

    def _turn(self, build, item, tag=False, skip=0):
        build.say(words.header("user"))
        if tag:
            build.say("[SPEAKER0]", " ")
        at = build.text(item)
        build.say("<|eot_id|>", words.header("assistant"))
        build.sound(item, at, skip)

    def draw(self):
        self._drawn += 1
        if self._drawn % 4000 == 0:
            self.look()
        while True:
            row = self._draw()
            if len(row.ids) <= self.longest:
                return row

    def _two(self, build):
        """A dialogue of two speakers, two to four turns."""
        rng, lines, speakers, clips = self.random, [], [], []
        for number in range(2):
            said, speaker = self._description()
            clip, taken = None, []
            if rng.random() < 0.75:
                speaker = self._someone()
                clip, taken = self._clip_of(speaker)
            speakers.append(speaker)
            clips.append(taken)
            lines.append(self._describe(build, said, number) if clip is None else self._clip(build, clip, number))
        turns, items, frames, who = rng.choice([2, 2, 2, 3, 4]), [], 0, []
        for turn in range(turns):
            stock = self.one[speakers[turn % 2]]
            item = rng.choice(without(rng.sample(stock, min(8, len(stock))), clips[turn % 2]))
            if turn > 1 and frames + item["codes"].shape[1] > LONGEST_SPEECH:
                break
            frames += item["codes"].shape[1]
            items.append(item)
            who.append(f"[SPEAKER{turn % 2}]")
        self._scene(build, lines)
        self._turn(build, joined(items, self.silence, rng, who))
        return build.row()

    def after_clip(self, item):
        """An item of any kind as the answer to a clip of its speaker, where there is another text of theirs -> the conversation, and
        at which position the item's sound begins."""
        build = _Builder(self.vocabulary, self.sizes.codebooks, self.sizes.bos, self.sizes.eos)
        self._scene(build)
        if item["speaker"] in self.shares:
            clip, _ = self._clip_of(item["speaker"])
            build.say(words.header("user"))
            at = build.text(clip)
            build.say("<|eot_id|>", words.header("assistant"))
            build.sound(clip, at, counts=False)
            build.say("<|audio_eos|>", "<|eot_id|>")
        self._turn(build, item)
        start, *_ = build.audio[-1]
        return build.row(), start

    def _draw(self):
        rng = self.random
        build = _Builder(self.vocabulary, self.sizes.codebooks, self.sizes.bos, self.sizes.eos)
        form = rng.choices(list(self.forms), weights=list(self.forms.values()))[0]
        if form == "two":
            return self._two(build)
        music = form == "music" and self.music
        if form == "music":
            form = rng.choice(["plain", "scene", "turn", "turn"])
        said, speaker = self._description() if form == "described" else ([], self._someone())
        if form == "plain":
            speaker = PLAIN
        if music and speaker not in self.music:
            speaker = PLAIN if form == "plain" else rng.choice(list(self.music))
        clip, taken = self._clip_of(speaker) if form in ("scene", "turn") else (None, [])
        item = rng.choice(self.music[speaker]) if music and speaker in self.music else self._speech(speaker, apart=taken)[0]
        tag = rng.random() < (0.7 if form == "described" else 0.4 if form == "scene" else 0.12)
        if form == "described":
            self._scene(build, [self._describe(build, said, 0)])
        elif form == "scene":
            self._scene(build, [self._clip(build, clip, 0)])
        else:
            self._scene(build)
            if form == "turn":
                # What voice the clip has cannot be known at its beginning, and it is not to be learned by heart.
                build.say(words.header("user"))
                at = build.text(clip)
                build.say("<|eot_id|>", words.header("assistant"))
                build.sound(clip, at, skip=8)
                build.say("<|audio_eos|>", "<|eot_id|>")
        self._turn(build, item, tag)
        return build.row()
