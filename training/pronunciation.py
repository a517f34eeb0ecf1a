"""Stage "pronunciation": rules from letters to phones, for whoever loads the tokenizer without a lexicon.

The engine reads texts by a lexicon (see reading.py); other loaders of the checkpoint have the tokenizer alone. Its rules are
learned from how misaki's American lexicon reads the words of `wamerican`, and end up as plain replacements in the
normaliser of `tokenizer.json`:

1. short words that nearly every sentence has: the whole word becomes its phones;
2. letter rules, "this letter between these letters", the most specific first: the letter becomes a private code
   point that stands for the pair of letter and sound, so that later rules still see every letter;
3. the private code points become phones.

Writes pronunciation.json here: {"words": {word: phones}, "letters": [[left, letter, right, private]],
"sounds": {private: phones}}.
"""
import argparse
import json
import math
import re
from collections import Counter, defaultdict
from pathlib import Path

from reading import ALPHABET, VOWELS, reader, tidy
from texts import WORD_LIST

HERE = Path(__file__).parent
PRIVATE = 0xE000
PER_LETTER = 128
LETTERS = "abcdefghijklmnopqrstuvwxyz'"
# How much a letter rule looks at: letters to the left, letters to the right; the later ones override.
SHAPES = [
    (0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3), (3, 0), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2),
    (0, 4), (4, 0), (1, 4), (4, 1), (3, 3),
]


COMMON = (
    "the a to of and in is it you that he was for on are with as his they at be this from i have or by one had not but what all "
    "were when we there can an your which their said if do will each about how up out them then she many some so these would "
    "other into has more her two like him see time could no make than first been its who now people my made over did down "
    "only way find use may water long little very after words called just where most know don't can't i'm it's won't isn't"
).split()


def read_lexicon():
    """{word: (phones, weight)} of the word list."""
    lookup = reader(False)
    with open(WORD_LIST) as lines:
        words = {line.strip() for line in lines}
    words = {word for word in words if re.fullmatch("[a-z]{1,14}", word)} | set(COMMON)
    lexicon = {}
    for word in sorted(words):
        phones = tidy(lookup(word))
        if phones and " " not in phones:
            lexicon[word] = (phones, 5 if word in COMMON else 1)
    return lexicon, COMMON


def align(lexicon, rounds=4, sample=25_000):
    """Give each letter of each word its 0 to 2 (rarely 3) phones: hard expectation maximisation."""
    cost, sounds = defaultdict(lambda: 12.0), [phone for phone in ALPHABET if phone.isalpha() or phone in "ˈˌː"]
    vowels = VOWELS | set("ˈˌ")
    for letter in LETTERS:
        cost[letter, ""] = 3.0
        for phone in sounds:
            cost[letter, phone] = 2.0 if (letter in "aeiouy") == (phone in vowels) else 6.0
            for second in sounds:
                cost[letter, phone + second] = 9.0

    def best(word, phones):
        n, m = len(word), len(phones)
        table = {(0, 0): (0.0, ())}
        for i, letter in enumerate(word):
            low, high = max(0, m - 3 * (n - i)), min(m, 3 * i)
            for j in range(low, high + 1):
                state = table.get((i, j))
                if state is None:
                    continue
                for size in range(0, min(3, m - j) + 1):
                    total = state[0] + cost[letter, phones[j : j + size]]
                    old = table.get((i + 1, j + size))
                    if old is None or total < old[0]:
                        table[i + 1, j + size] = (total, state[1] + (phones[j : j + size],))
        found = table.get((n, m))
        return found[1] if found else None

    import random

    some = random.Random(0).sample(sorted(lexicon), min(sample, len(lexicon)))
    for _ in range(rounds):
        counts, totals = Counter(), Counter()
        for word in some:
            aligned = best(word, lexicon[word][0])
            if aligned:
                counts.update(zip(word, aligned))
                totals.update(word)
        cost.clear()
        for (letter, phones), count in counts.items():
            if count > 1:
                cost[letter, phones] = -math.log(count / totals[letter])
    aligned = {word: best(word, phones) for word, (phones, _) in lexicon.items()}
    return {word: phones for word, phones in aligned.items() if phones}


def learn_letters(lexicon, aligned, least_gain):
    """Letter rules, the most specific first: [(left, letter, right, phones)]; "#" stands for a word's edge."""
    places = defaultdict(list)
    for word, phones in aligned.items():
        padded = "####" + word + "####"
        for i, (letter, phone) in enumerate(zip(word, phones)):
            places[letter].append((padded[i : i + 4], padded[i + 5 : i + 9], phone, lexicon[word][1]))
    rules = []
    for letter, found in sorted(places.items()):
        total = Counter()
        for _, _, phone, weight in found:
            total[phone] += weight
        default = total.most_common(1)[0][0]
        current = [default] * len(found)
        layers = [[("", letter, "", default)]]
        for left, right in SHAPES:
            groups = defaultdict(list)
            for i, place in enumerate(found):
                context = (place[0][4 - left :], place[1][:right])
                if "##" not in context[0] and "##" not in context[1]:
                    groups[context].append(i)
            layer = []
            for context, members in groups.items():
                votes, now = Counter(), 0.0
                for i in members:
                    votes[found[i][2]] += found[i][3]
                    now += found[i][3] * (current[i] == found[i][2])
                phone, right_votes = votes.most_common(1)[0]
                if right_votes - now >= least_gain:
                    layer.append((context[0], letter, context[1], phone))
                    for i in members:
                        current[i] = phone
            layers.append(layer)
        for layer in reversed(layers):
            rules.extend(layer)
    return rules


class Reader:
    """Applies rules to words: the same as the tokenizer does, a word at a time (the rules never cross a word)."""

    def __init__(self, tables):
        self.words = tables["words"]
        self.sounds = tables["sounds"]
        self.by_letter = defaultdict(list)
        for left, letter, right, private in tables["letters"]:
            self.by_letter[letter].append((left, right, private))

    def read(self, word):
        """Phones of a word in lower case."""
        if word in self.words:
            return self.words[word]
        padded, out = "#" + word + "#", ""
        for i, letter in enumerate(word, 1):
            before, after = padded[:i], padded[i + 1 :]
            for left, right, private in self.by_letter[letter]:
                if before.endswith(left) and after.startswith(right):
                    out += self.sounds[private]
                    break
        return out


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--least-gain", type=float, default=12.0, help="votes that a letter rule must win")
    options = arguments.parse_args()
    lexicon, common = read_lexicon()
    print(len(lexicon), "words")
    aligned = align(lexicon)
    print(len(aligned), "aligned")
    rules = learn_letters(lexicon, aligned, options.least_gain)
    sounds, private = {}, {}
    for letter_index, letter in enumerate(LETTERS):
        for k, phones in enumerate(sorted({rule[3] for rule in rules if rule[1] == letter})):
            assert k < PER_LETTER
            private[letter, phones] = chr(PRIVATE + letter_index * PER_LETTER + k)
            sounds[private[letter, phones]] = phones
    # An apostrophe is silent where no contraction says otherwise.
    silent = chr(PRIVATE + LETTERS.index("'") * PER_LETTER)
    sounds[silent] = ""
    letters = [[left, letter, right, private[letter, phones]] for left, letter, right, phones in rules]
    letters.append(["", "'", "", silent])
    tables = dict(words={}, letters=letters, sounds=sounds)
    rules_reader = Reader(tables)
    words = {word: lexicon[word][0] for word in common if word in lexicon and rules_reader.read(word) != lexicon[word][0]}
    correct = sum(rules_reader.read(word) == phones for word, (phones, _) in lexicon.items()) / len(lexicon)
    tables["words"] = words
    print(f"{len(letters)} letter rules, right for {correct:.3f} of all words; {len(words)} words by themselves")
    with open(HERE / "pronunciation.json", "w") as out:
        json.dump(tables, out, ensure_ascii=False)


if __name__ == "__main__":
    main()
