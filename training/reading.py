"""Text as the language model reads it: Kokoro's alphabet (misaki), one character a phone, as hibari's G2P writes it.

`read` drops what the alphabet does not have; `ALPHABET` is every character that is left. The engine reads in the same way
from the lexicon beside the checkpoint.
"""
import re
from functools import lru_cache

PHONES = "AIOQTWYabdfhijklmnpstuvwzæðŋɐɑɒɔəɛɜɡɪɹʃʊʌʒʤʧθᵊᵻː"
STRESS = "ˈˌ"
MARKS = ";:,.!?—…"
ALPHABET = PHONES + STRESS + MARKS + " "
VOWELS = frozenset("AIOQWYaæɐɑɒɔəɛɜiɪuʊʌᵊᵻ")
SENTENCE_END = ".!?…"


def tidy(phones):
    """A string of misaki's -> the same in the alphabet, blanks and dashes in one form."""
    phones = phones.replace("ɾ", "T").replace("ʔ", "t").replace("...", "…").replace("–", "—").replace(" - ", "—")
    phones = "".join(phone for phone in phones if phone in ALPHABET)
    phones = re.sub(" +", " ", re.sub(" *— *", "—", phones))
    return re.sub(" (?=[;:,.!?…])", "", phones).strip()


@lru_cache(maxsize=2)
def reader(british):
    """hibari's G2P for one accent; loaded once."""
    from hibari.g2p import G2P

    return G2P(british=british)


def read(text, british=False):
    """`text` in phones, by the American or the British lexicon."""
    return tidy(reader(british)(text))


if __name__ == "__main__":
    import sys

    for british in (False, True):
        print(read(" ".join(sys.argv[1:]), british))
