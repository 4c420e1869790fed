"""The texts the model learns from: two sets sorted by people, and short texts of many kinds."""

import gzip
import json
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Texts:
    """Texts of one source, with what people say each is about. No label where nobody said."""

    texts: list[str]
    labels: list[str | None]


@dataclass(frozen=True)
class PlainSet:
    """A set of which only the texts are used: `most` sentences of it, drawn by a fixed seed."""

    name: str
    column: str
    most: int


# tweets whose terms are mixed: --permissive leaves them out
TWEETS = PlainSet("tweeteval_train", "text", 32_000)
OTHERS = (
    PlainSet("fintech_apps", "text", 12_000),
    PlainSet("youtube_reviews", "text", 2_000),
    PlainSet("vader_amazon", "text", 2_000),
    PlainSet("vader_tweets", "text", 2_000),
    PlainSet("vader_nyt", "text", 3_000),
    PlainSet("vader_movies", "text", 4_000),
    PlainSet("cfpb", "narrative", 20_000),
    PlainSet("app_maalej2016", "text", 2_500),
)

LEARNED_IN_REHEARSAL = 23

MOST_PLAIN = 30_000
# the teacher reads a short text in a fraction of the time, and issues are told by short ones
FEWEST_WORDS, MOST_WORDS = 4, 22
LONGEST_WHOLE = 160
LONGEST_JOINED = 140
LONGEST_TEXT = 240


def read_set(folder: Path, name: str) -> list[Row]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def bank_texts(folder: Path) -> Texts:
    """Messages of a bank's customers by their issue."""
    rows = read_set(folder, "banking77_50intents")
    return Texts([row["text"] for row in rows], [row["category"] for row in rows])


def held_out(issues: Iterable[str], seed: int) -> list[str]:
    """The issues that a rehearsal keeps from the model: 27 of the bank's 50."""
    issues = sorted(set(issues))
    order = list(range(len(issues)))
    random.Random(1000 + seed).shuffle(order)
    return [issues[at] for at in sorted(order[LEARNED_IN_REHEARSAL:])]


def request_texts(folder: Path) -> Texts:
    """Requests to an assistant by their intent. Those out of its scope have nothing in common: no label."""
    rows = read_set(folder, "clinc150")
    return Texts(
        [row["text"] for row in rows],
        [None if row["intent"] == "oos" else row["intent"] for row in rows],
    )


def plain_texts(folder: Path, permissive: bool) -> Texts:
    """Short texts of many kinds, none twice, the same ones on every run."""
    found: list[str] = []
    for plain in OTHERS if permissive else (TWEETS, *OTHERS):
        pieces: list[str] = []
        for row in read_set(folder, plain.name):
            text = str(row.get(plain.column) or "").strip()
            pieces += _sentences(text) if len(text) > LONGEST_WHOLE else [text[:LONGEST_TEXT]]
        random.Random(7).shuffle(pieces)
        found += pieces[: plain.most]
    found = _distinct(map(_without_names, _distinct(found)))
    random.Random(3).shuffle(found)
    short = [text for text in found if FEWEST_WORDS <= len(text.split()) <= MOST_WORDS]
    texts = short[:MOST_PLAIN]
    return Texts(texts, [None] * len(texts))


def _sentences(text: str) -> list[str]:
    """A long text in parts of about a sentence or two."""
    parts: list[str] = []
    part = ""
    for piece in re.split(r"(?<=[.!?])\s+|\n+", text):
        sentence = piece.strip()
        if not sentence:
            continue
        if len(part) + len(sentence) < LONGEST_JOINED:
            part = f"{part} {sentence}".strip()
        else:
            if part:
                parts.append(part)
            part = sentence
    if part:
        parts.append(part)
    return [part[:LONGEST_TEXT] for part in parts if len(part) > 12]


def _distinct(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if len(text) > 8]


def _without_names(text: str) -> str:
    """Links and handles are nothing a text means."""
    text = re.sub(r"https?://\S+", "", text)
    text = re.sub(r"@\w+", "", text)
    return re.sub(r"\s+", " ", text).strip()
