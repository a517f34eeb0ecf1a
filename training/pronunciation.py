"""Stage "pronunciation": rules from letters to phones, for the tokenizer of the embedded voice.

The engine of this package reads by the checkpoint's lexicon (`src/engine/pronunciation/`) and passes the tokenizer by. Who
loads the checkpoint elsewhere has the tokenizer alone, and gets by with these rules: learned from misaki's American lexicon
(gold, as hibari-tts has it; Apache-2.0), weighted by how common a word is, in Kokoro's alphabet. They end up as plain
replacements in the normaliser of `tokenizer.json`, so that every reader of that file can apply them:

1. words that the letter rules get wrong and that are common: the whole word becomes its phones;
2. letter rules, "this letter between these letters", the most specific first: the letter becomes a private code
   point that stands for the pair of letter and sound, so that later rules still see every letter;
3. the private code points become phones. Phones of whole words are private code points too until then, for some phones are
   letters as well.

Writes WORK/pronunciation.json: {"words": {word: private code points}, "letters": [[left, letter, right, private]],
"sounds": {private: phones}}.
"""
import argparse
import gzip
import json
import math
import re
from collections import Counter, defaultdict
from pathlib import Path

# One character each; `ˈ ˌ` stand before the vowel that is stressed.
PHONES = "AIOTWYabdfhijklmnpstuvwzæðŋɐɑɔəɛɜɡɪɹʃʊʌʒʤʧθᵊᵻˈˌ"
VOWELS = set("AIOWYaiuæɐɑɔəɛɜɪʊʌᵻᵊ")
# As they are said in running speech.
WEAK = {"the": "ðə", "a": "ɐ", "an": "ɐn", "to": "tə", "in": "ɪn", "i": "ˌI", "am": "æm"}
PRIVATE = 0xE000
PER_LETTER = 128
# Private code points of phones, behind those of letters.
PRIVATE_PHONE = 0xF000
LETTERS = "abcdefghijklmnopqrstuvwxyz'"
# How much a letter rule looks at: letters to the left, letters to the right; the later ones override.
SHAPES = [
    (0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3), (3, 0), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2),
    (0, 4), (4, 0), (1, 4), (4, 1), (3, 3),
]


def hide(phones):
    """Phones as private code points, which no letter rule takes for letters."""
    return "".join(chr(PRIVATE_PHONE + PHONES.index(phone)) for phone in phones)


def units_of(phones):
    """A stress mark goes with its vowel."""
    return re.findall("[ˈˌ]?.", phones)


def read_lexicon(most_common):
    """{word: (phones, weight)}; the weight grows with how common the word is. And the commonest ones, in order."""
    import hibari.g2p
    from wordfreq import top_n_list, zipf_frequency

    path = Path(hibari.g2p.ASSETS) / "lexicon_us_gold.json.gz"
    gold = json.loads(gzip.decompress(path.read_bytes()))
    lexicon = {}
    for word, phones in sorted(gold.items()):
        phones = phones["DEFAULT"] if isinstance(phones, dict) else phones
        phones = phones.replace("ɾ", "T").replace("ʔ", "t")
        if re.fullmatch("[A-Za-z]?[a-z']{0,15}", word) and set(phones) <= set(PHONES) and word.lower() not in lexicon:
            frequency = zipf_frequency(word, "en")
            if frequency > 1.5 and word.lower() not in ("'", ""):
                lexicon[word.lower()] = (phones, 1 + 3 * max(0.0, frequency - 2.5) ** 1.5)
    for word, phones in WEAK.items():
        lexicon[word] = (phones, lexicon[word][1])
    common = [word.replace("’", "'") for word in top_n_list("en", most_common)]
    return lexicon, [word for word in common if word in lexicon]


def align(lexicon, rounds=4, sample=25_000):
    """Give each letter of each word its 0 to 2 (rarely 3) phones: hard expectation maximisation."""
    cost = defaultdict(lambda: 12.0)
    units = sorted({unit for phones, _ in lexicon.values() for unit in units_of(phones)})
    for letter in LETTERS:
        cost[letter, ""] = 3.0
        for unit in units:
            cost[letter, unit] = 2.0 if (letter in "aeiouy") == (unit[-1] in VOWELS) else 6.0
            for second in units:
                cost[letter, unit + second] = 9.0

    def best(word, phones):
        phones = units_of(phones)
        n, m = len(word), len(phones)
        table = {(0, 0): (0.0, ())}
        for i, letter in enumerate(word):
            low, high = max(0, m - 3 * (n - i)), min(m, 3 * i)
            for j in range(low, high + 1):
                state = table.get((i, j))
                if state is None:
                    continue
                for size in range(0, min(3, m - j) + 1):
                    chunk = "".join(phones[j : j + size])
                    total = state[0] + cost[letter, chunk]
                    old = table.get((i + 1, j + size))
                    if old is None or total < old[0]:
                        table[i + 1, j + size] = (total, state[1] + (chunk,))
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
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--least-gain", type=float, default=25.0, help="votes that a letter rule must win")
    arguments.add_argument("--common", type=int, default=2500, help="words that may have a rule of their own")
    options = arguments.parse_args()
    lexicon, common = read_lexicon(options.common)
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
    letters = [[left, letter, right, private[letter, phones]] for left, letter, right, phones in rules]
    tables = dict(words={}, letters=letters, sounds=sounds)
    reader = Reader(tables)
    words = {word: lexicon[word][0] for word in common if reader.read(word) != lexicon[word][0]}
    bare = lambda phones: re.sub("[ˈˌ]", "", phones)
    read = {word: words.get(word) or reader.read(word) for word in lexicon}
    right = sum(bare(read[word]) == bare(phones) for word, (phones, _) in lexicon.items()) / len(lexicon)
    weight = sum(weight for _, weight in lexicon.values())
    by_weight = sum(w for word, (phones, w) in lexicon.items() if bare(read[word]) == bare(phones)) / weight
    tables["words"] = {word: hide(phones) for word, phones in words.items()}
    sounds.update({hide(phone): phone for phone in PHONES})
    print(f"{len(letters)} letter rules, {len(words)} words by themselves; phones right, stress aside, for {right:.3f} "
          f"of all words, {by_weight:.3f} by weight")
    with open(options.work / "pronunciation.json", "w") as out:
        json.dump(tables, out, ensure_ascii=False)


if __name__ == "__main__":
    main()
