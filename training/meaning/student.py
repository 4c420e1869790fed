"""The student: a row for each word piece and pair of words, whose sums point where the teacher does."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import scipy.sparse as sp

# of a row while it is learned, and in the file: the principal directions keep what there is
LEARNED_DIMENSIONS = 256
DIMENSIONS = 128

EPOCHS = 12
LEARNING_RATE = 0.01
WARM_UP_STEPS = 50
# of the rows of a text, those left out each time: a text is more than any one word of it
DROPPED = 0.1
# a batch is filled up with issues of some texts each: else hardly any two would have a label in common
BATCH, BATCH_ISSUES, TEXTS_PER_ISSUE = 512, 24, 8
FROM_ISSUES = BATCH_ISSUES * TEXTS_PER_ISSUE

# what each part of the loss weighs
TEACHERS_SIMILARITIES = 20
PEOPLES_LABELS = 0.3
TEMPERATURE = 0.1

# the mean of several runs from the same start is better than each; their errors differ
SEEDS = (0, 1, 2)

NO_LABEL = -1


@dataclass(frozen=True)
class Lessons:
    """Texts as the rows they are the sum of, where the teacher points, and the issue people named."""

    rows: sp.csr_matrix
    targets: np.ndarray
    labels: np.ndarray


def to_unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def principal_directions(vectors: np.ndarray, count: int) -> np.ndarray:
    """The directions, as columns, in which vectors differ most about 0; their signs mean nothing."""
    _, directions = np.linalg.eigh(vectors.T @ vectors / len(vectors))
    return directions[:, ::-1][:, :count]


def first_table(pieces: np.ndarray, directions: np.ndarray, rows: int) -> np.ndarray:
    """
    Where learning starts: of each piece what the teacher says of it alone, the less the more common it is
    (smooth inverse frequency, Arora et al. 2017; its place in the vocabulary says how common it is, as in
    Model2Vec). Pairs start at 0: they add what their words do not say.
    """
    count = len(pieces)
    frequency = 1 / (np.arange(count) + 60.0)
    frequency /= frequency.sum()
    table = np.zeros((rows, LEARNED_DIMENSIONS), np.float32)
    table[:count] = ((pieces - pieces.mean(0)) @ directions) * (1e-3 / (1e-3 + frequency))[:, None] * 10
    return table


def learn_table(start: np.ndarray, lessons: Lessons) -> np.ndarray:
    """The table learned from the lessons, turned to the `DIMENSIONS` that tell texts apart."""
    # their sum points where their mean does
    table = sum(_run(start, lessons, seed) for seed in SEEDS)
    directions = principal_directions(to_unit(np.asarray(lessons.rows @ table)), DIMENSIONS)
    # a direction is as good as its opposite: the one whose largest part is positive
    signs = np.sign(directions[np.abs(directions).argmax(0), range(DIMENSIONS)])
    return (table @ (directions * signs)).astype(np.float32)


def _run(start: np.ndarray, lessons: Lessons, seed: int) -> np.ndarray:
    """One run of Adam (Kingma & Ba 2015), over the rows that a batch uses and a turn of the whole table."""
    table, row_means, row_squares = start.copy(), np.zeros_like(start), np.zeros_like(start)
    turn = jnp.eye(LEARNED_DIMENSIONS, dtype=jnp.float32)
    turn_mean, turn_square = turn * 0, turn * 0
    loss_and_slopes: Callable = jax.jit(jax.value_and_grad(_loss, argnums=(0, 1)))
    random = np.random.default_rng(seed)
    count = lessons.rows.shape[0]
    batches = count // BATCH
    labels = lessons.labels
    issues = [np.where(labels == label)[0] for label in np.unique(labels[labels != NO_LABEL])]
    started, step = time.time(), 0
    for epoch in range(EPOCHS):
        order = random.permutation(count)
        total = 0.0
        for batch in range(batches):
            own = order[batch * BATCH : batch * BATCH + BATCH - FROM_ISSUES]
            drawn = random.choice(len(issues), BATCH_ISSUES, replace=False)
            texts = np.concatenate([own] + [random.choice(issues[at], TEXTS_PER_ISSUE) for at in drawn])
            rows = lessons.rows[texts]
            rows.data = rows.data * (random.random(len(rows.data)) > DROPPED)
            rate = LEARNING_RATE * (1 - (epoch * batches + batch) / (EPOCHS * batches))
            step += 1

            loss, (turn_slope, slopes) = loss_and_slopes(
                turn, rows @ table, lessons.targets[texts], labels[texts]
            )
            total += float(loss)

            used = np.unique(rows.indices)
            slope = np.asarray(rows[:, used].T @ np.asarray(slopes))
            mean = 0.9 * row_means[used] + 0.1 * slope
            square = 0.99 * row_squares[used] + 0.01 * slope * slope
            row_means[used], row_squares[used] = mean, square
            # one size of step for a whole row: a rare word's row turns without being bent
            size = np.sqrt(square.mean(1, keepdims=True)) + 1e-8
            table[used] -= rate * mean / size * min(1, step / WARM_UP_STEPS)

            turn_mean = 0.9 * turn_mean + 0.1 * turn_slope
            turn_square = 0.999 * turn_square + 0.001 * turn_slope**2
            unbiased = turn_mean / (1 - 0.9**step)
            turn = turn - 0.1 * rate * unbiased / (jnp.sqrt(turn_square / (1 - 0.999**step)) + 1e-8)
        print(
            f"run {seed}, epoch {epoch + 1} of {EPOCHS}: "
            f"loss {total / batches:.4f}, {time.time() - started:.0f} s",
            flush=True,
        )
    return table @ np.asarray(turn)


def _loss(turn: jax.Array, sums: jax.Array, targets: jax.Array, labels: jax.Array) -> jax.Array:
    """How far sums of rows are from the teacher's vectors and similarities, and from telling labels apart."""
    sums = sums / jnp.sqrt((sums * sums).sum(1, keepdims=True) + 1e-6) * np.sqrt(LEARNED_DIMENSIONS)
    turned = sums @ turn
    vectors = turned / jnp.sqrt((turned * turned).sum(1, keepdims=True) + 1e-6)
    count = len(vectors)
    itself = jnp.eye(count)
    similar = vectors @ vectors.T

    from_teacher = (1 - (vectors * targets).sum(1)).mean()
    differences = ((similar - targets @ targets.T) ** 2) * (1 - itself)
    from_teacher = from_teacher + TEACHERS_SIMILARITIES * differences.sum() / count / count

    # supervised contrast (Khosla et al. 2020), among texts with a label
    is_labelled = labels >= 0
    log_shares = jax.nn.log_softmax(
        jnp.where(is_labelled[None, :], similar / TEMPERATURE - 1e9 * itself, -1e9), axis=1
    )
    is_same = ((labels[:, None] == labels[None, :]) & is_labelled[:, None]).astype(jnp.float32) * (1 - itself)
    others = is_same.sum(1)
    contrast = -(is_same * log_shares).sum(1) / jnp.maximum(others, 1) * (others > 0)
    return from_teacher + PEOPLES_LABELS * contrast.sum() / jnp.maximum((others > 0).sum(), 1)
