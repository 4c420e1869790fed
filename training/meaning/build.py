"""Makes the model of meanings from the teacher's weights and labelled sets. See README.md."""

import argparse
import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

# before numpy and jax are loaded: sums in one order give the same bytes whatever the number of cores
os.environ.update(
    OMP_NUM_THREADS="1",
    OPENBLAS_NUM_THREADS="1",
    XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    JAX_PLATFORMS="cpu",
)
# what appears below training/ would have the program built again
sys.dont_write_bytecode = True

import numpy as np
import scipy.sparse as sp

from student import (
    DIMENSIONS,
    LEARNED_DIMENSIONS,
    NO_LABEL,
    Lessons,
    first_table,
    learn_table,
    principal_directions,
    to_unit,
)
from teacher import teacher_vectors, word_pieces
from texts import Texts, bank_texts, held_out, plain_texts, request_texts

ROOT = Path(__file__).resolve().parents[2]
ROWS_OF_TEXTS = ROOT / "dist" / "training" / "meaning" / "rows-of-texts.js"

PAIR_ROWS_BITS = 15
# words in Latin letters, numbers and marks: English asks for no others
USED_PIECE = re.compile(r"(##)?[a-z0-9'$€£%&!?.,:;#@+-]+")
# the bank's messages are few, and nearest to what the model is for
BANK_TIMES = 3


def main() -> None:
    options = parse_options()
    vocabulary = [piece for piece in word_pieces() if USED_PIECE.fullmatch(piece)]
    bank, requests = bank_texts(options.data), request_texts(options.data)
    plain = plain_texts(options.data, options.permissive)
    held = [] if options.hold is None else held_out(bank.labels, options.hold)

    pieces = teacher_vectors([piece.removeprefix("##") for piece in vocabulary], options.work)
    directions = principal_directions(pieces - pieces.mean(0), LEARNED_DIMENSIONS)
    lessons = make_lessons(vocabulary, bank, requests, plain, frozenset(held), directions, options.work)
    table = learn_table(first_table(pieces, directions, lessons.rows.shape[1]), lessons)
    model = model_bytes(vocabulary, table)

    if options.check:
        if options.out.read_bytes() != model:
            raise SystemExit(f"{options.out} is not what these sets train.")
        print(f"{options.out} is what these sets train.")
        return
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(model)
    if held:
        Path(f"{options.out}.held.json").write_text(json.dumps(held), encoding="utf-8")
    print(f"{options.out}: {len(model)} bytes")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of labelled sets"
    )
    parser.add_argument(
        "--work", type=Path, default=ROOT / "data" / "meaning", help="keeps what the teacher said"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "processors" / "models" / "meaning-en.model")
    parser.add_argument(
        "--permissive", action="store_true", help="leave out TweetEval, whose terms are mixed"
    )
    parser.add_argument(
        "--hold", type=int, metavar="SEED", help="hold out 27 of the bank's issues, for a rehearsal"
    )
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    options = parser.parse_args()
    if options.hold is not None and options.out == parser.get_default("out"):
        parser.error("a rehearsal's model does not ship: name another file with --out")
    return options


def make_lessons(
    vocabulary: list[str],
    bank: Texts,
    requests: Texts,
    plain: Texts,
    held: frozenset[str],
    directions: np.ndarray,
    work: Path,
) -> Lessons:
    sources = (requests, bank, plain)
    rows_of_requests, rows_of_bank, rows_of_plain = rows_of(vocabulary, sources)
    of_requests, of_bank, of_plain = (teacher_vectors(source.texts, work) for source in sources)
    kept = np.array([label not in held for label in bank.labels])
    rows_of_bank, of_bank = rows_of_bank[kept], of_bank[kept]

    # what all texts of a source have in common tells none of them apart; half of what the bank's have stays,
    # which keeps them away from the requests
    middle = of_requests.mean(0)
    targets = [
        to_unit((of_requests - middle) @ directions),
        *[to_unit((of_bank - (middle + of_bank.mean(0)) / 2) @ directions)] * BANK_TIMES,
        to_unit((of_plain - of_plain.mean(0)) @ directions),
    ]
    of_people = [
        numbers_of(requests.labels, 0),
        # far enough to be no number of a request
        *[numbers_of(bank.labels, 1_000)[kept]] * BANK_TIMES,
        numbers_of(plain.labels, 0),
    ]
    return Lessons(
        sp.vstack([rows_of_requests, *[rows_of_bank] * BANK_TIMES, rows_of_plain]).tocsr(),
        np.concatenate(targets).astype(np.float32),
        np.concatenate(of_people).astype(np.int32),
    )


def numbers_of(labels: list[str | None], first: int) -> np.ndarray:
    """Labels as numbers from `first` on, in the order of the alphabet."""
    distinct = sorted({label for label in labels if label is not None})
    number = {label: first + at for at, label in enumerate(distinct)}
    return np.array([NO_LABEL if label is None else number[label] for label in labels])


def rows_of(vocabulary: list[str], sources: tuple[Texts, ...]) -> list[sp.csr_matrix]:
    """Which rows each text is the sum of, told by the program itself: training and use cannot drift apart."""
    if not ROWS_OF_TEXTS.exists():
        raise SystemExit(f"{ROWS_OF_TEXTS} is not there; run `npm run train -- --check` first, which builds it.")
    asked = {
        "vocabulary": vocabulary,
        "pairRows": 1 << PAIR_ROWS_BITS,
        "texts": [text for source in sources for text in source.texts],
    }
    answer = subprocess.run(["node", ROWS_OF_TEXTS], input=json.dumps(asked).encode(), capture_output=True)
    if answer.returncode != 0:
        raise SystemExit(answer.stderr.decode())
    rows: list[list[int]] = json.loads(answer.stdout)
    matrices: list[sp.csr_matrix] = []
    for source in sources:
        own, rows = rows[: len(source.texts)], rows[len(source.texts) :]
        ends = np.cumsum([0] + [len(row) for row in own])
        used = np.array([row for text in own for row in text], np.int32)
        shape = (len(own), len(vocabulary) + (1 << PAIR_ROWS_BITS))
        matrices.append(sp.csr_matrix((np.ones(len(used), np.float32), used, ends), shape=shape))
    return matrices


def model_bytes(vocabulary: list[str], table: np.ndarray) -> bytes:
    """The file that `readMeaningModel` reads: each row a byte a number, times a scale."""
    scales = np.abs(table).max(1) / 127
    weights = np.round(table / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    words = "\n".join(vocabulary).encode()
    header = json.dumps(
        {
            "format": "earshot-static-1",
            "V": len(vocabulary),
            "bits": PAIR_ROWS_BITS,
            "D": DIMENSIONS,
            "vocabBytes": len(words),
        }
    ).encode()
    head = struct.pack("<I", len(header)) + header + words
    head += b"\0" * (-len(head) % 4)
    return head + scales.astype("<f4").tobytes() + weights.tobytes()


if __name__ == "__main__":
    main()
