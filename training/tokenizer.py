"""The tokenizer of the embedded voice: phones by rules, bytes for the rest, the prompt's phrases as single tokens."""
import json
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from pronunciation import LETTERS, PER_LETTER, PRIVATE
from reading import ALPHABET
from voices import DESCRIBING

DIGITS = "zero one two three four five six seven eight nine".split()
SPECIAL = [
    "<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
    "<|reserved_special_token_6|>", "<|AUDIO_OUT|>", "<|audio_out_bos|>", "<|audio_eos|>",
    "<|scene_desc_start|>", "<|scene_desc_end|>",
]
SYSTEM = "Generate audio following instruction."
ROOM = "Audio is recorded from a quiet room."
SCENE_START, SCENE_END = "\n\n<|scene_desc_start|>\n", "\n<|scene_desc_end|>"
MUSIC_START, MUSIC_END = "<SE_s>[Music]</SE_s>", "<SE_e>[Music]</SE_e>"


def header(role):
    """What begins a turn of `role`."""
    return f"<|start_header_id|>{role}<|end_header_id|>\n\n"


PHRASES = [
    header("system"), header("user"), header("assistant"), SCENE_START, SCENE_END, SYSTEM, ROOM, "\n\n",
    *[f"SPEAKER{i}:" for i in range(4)], *[f"[SPEAKER{i}]" for i in range(4)],
    MUSIC_START, MUSIC_END, *DESCRIBING,
]  # fmt: skip


def _alphabet():
    """How byte-level tokenizers write each byte as a character."""
    shown = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {byte: chr(byte) for byte in shown}
    for extra, byte in enumerate(sorted(set(range(256)) - set(shown))):
        table[byte] = chr(256 + extra)
    return table


def make_core():
    """Tokenizer without the rules of the normaliser: reads phones (`reading.ALPHABET`), each a token, and bytes."""
    table = _alphabet()
    vocabulary = {character: i for i, character in enumerate(sorted(table.values()))}
    merges = []
    for phone in sorted(ALPHABET):
        parts = [table[byte] for byte in phone.encode()]
        while len(parts) > 1:
            pair, joined = (parts[0], parts[1]), parts[0] + parts[1]
            if joined not in vocabulary:
                merges.append(pair)
                vocabulary[joined] = len(vocabulary)
            parts[:2] = [joined]
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in SPECIAL + PHRASES]
    )
    return tokenizer


def _side(letters):
    """Character classes for the letters beside the one that a rule is for: plain or replaced already."""
    out = ""
    for letter in letters:
        if letter != "#":
            first = PRIVATE + LETTERS.index(letter) * PER_LETTER
            out += f"[{letter}{chr(first)}-{chr(first + PER_LETTER - 1)}]"
    return out


def normalizer(tables):
    """The rules of `pronunciation.py` as a chain of replacements."""
    letter = f"[a-z'{chr(PRIVATE)}-{chr(PRIVATE + len(LETTERS) * PER_LETTER - 1)}]"
    steps = [normalizers.Lowercase(), normalizers.NFD(), normalizers.Replace(Regex("[\u0300-\u036f]"), "")]
    steps.append(normalizers.Replace("’", "'"))
    for digit, word in enumerate(DIGITS):
        steps.append(normalizers.Replace(str(digit), f" {word} "))
    # Quotation marks are no letters.
    steps.append(normalizers.Replace(Regex("(?<![a-z])'|'(?![a-z])"), ""))
    for word, phones in tables["words"].items():
        steps.append(normalizers.Replace(Regex(f"(?<!{letter}){word}(?!{letter})"), phones))
    for left, middle, right, private in tables["letters"]:
        side = _side(left)
        if not left.startswith("#"):
            before = f"(?<={side})" if side else ""
        else:
            # Not a look-behind inside a look-behind, which not every engine of regular expressions takes.
            before = f"(?<=^{side}|[^{letter[1:]}{side})" if side else f"(?<!{letter})"
        after = _side(right) + (f"(?!{letter})" if right.endswith("#") else "")
        pattern = before + middle + (f"(?={after})" if after else "")
        steps.append(normalizers.Replace(Regex(pattern) if pattern != middle else middle, private))
    for private, phones in tables["sounds"].items():
        steps.append(normalizers.Replace(private, phones))
    steps.append(normalizers.Replace(Regex(" +"), " "))
    return normalizers.Sequence(steps)


def make(work=Path(__file__).parent / "work"):
    """The whole tokenizer, as it is shipped."""
    tokenizer = make_core()
    tokenizer.normalizer = normalizer(json.loads((Path(work) / "pronunciation.json").read_text()))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<|begin_of_text|>",
        eos_token="<|end_of_text|>",
        pad_token="<|end_of_text|>",
        clean_up_tokenization_spaces=False,
    )
