"""Trains the TF-IDF baseline on synthetic notes of known wordings and writes tfidf.json beside this file.

    .venv/bin/python note_models/baselines/train.py

Seeded; one minute. The result shows what the words alone tell: it is compared with models and never published. Prints
its sensitivity and specificity, and those of the rules baseline, on known and on held-out wordings.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from nlp_assets.engines.baselines.rules_baseline import RulesBaseline  # noqa: E402
from nlp_assets.engines.baselines.tfidf_baseline import WEIGHTS_FILE, TfidfBaseline, term_counts  # noqa: E402
from synthetic_extracts.notes.compose import evaluation_texts  # noqa: E402
from synthetic_extracts.notes.wordings import core_wordings  # noqa: E402

SEED = 20261122
NOTES = 20_000
EVALUATION = {"known_wordings": (SEED + 1, False), "held_out_wordings": (SEED + 2, True)}
TERMS, FEWEST_NOTES = 4_000, 5
PENALTY = 1.0
DECIMALS = 5


def labelled_notes(seed: int, notes: int, held_out: bool) -> tuple[list[str], np.ndarray]:
    """Synthetic notes and their labels."""
    texts, cores = evaluation_texts(seed, notes, held_out)
    wordings = core_wordings()
    return list(texts), np.array([wordings[core].label for core in cores])


def train(texts: list[str], labels: np.ndarray) -> dict:
    """The commonest terms with their inverse document frequency and weight, and the intercept."""
    counts = [term_counts(text) for text in texts]
    notes_with = Counter(term for count in counts for term in count)
    terms = sorted(
        (term for term, notes in notes_with.items() if notes >= FEWEST_NOTES),
        key=lambda term: (-notes_with[term], term),
    )[:TERMS]
    number = {term: position for position, term in enumerate(terms)}
    inverse = np.array([np.log((1 + len(texts)) / (1 + notes_with[term])) + 1 for term in terms])
    rows, columns, values = [], [], []
    for row, count in enumerate(counts):
        for term, times in count.items():
            if term in number:
                rows.append(row)
                columns.append(number[term])
                values.append((1 + np.log(times)) * inverse[number[term]])
    features = csr_matrix((values, (rows, columns)), shape=(len(texts), len(terms)))
    lengths = np.sqrt(np.asarray(features.multiply(features).sum(axis=1)).ravel())
    features = csr_matrix(features.multiply(1 / np.where(lengths == 0, 1, lengths)[:, None]))
    weights, intercept = fit(features, labels)
    return {
        "seed": SEED,
        "notes": len(texts),
        "intercept": round(float(intercept), DECIMALS),
        "terms": {
            term: [round(float(inverse[position]), DECIMALS), round(float(weights[position]), DECIMALS)]
            for position, term in enumerate(terms)
        },
    }


def fit(features: csr_matrix, labels: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and intercept of the logistic regression with a squared penalty on the weights."""

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        log_odds = features @ point[:-1] + point[-1]
        error = expit(log_odds) - labels
        value = np.logaddexp(0, log_odds).sum() - labels @ log_odds + PENALTY / 2 * point[:-1] @ point[:-1]
        return value, np.append(features.T @ error + PENALTY * point[:-1], error.sum())

    found = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return found.x[:-1], found.x[-1]


def main() -> None:
    """Train, write and say how well."""
    texts, labels = labelled_notes(SEED, NOTES, held_out=False)
    WEIGHTS_FILE.write_text(json.dumps(train(texts, labels), indent=0) + "\n", encoding="utf-8")
    for engine in (RulesBaseline(), TfidfBaseline()):
        for name, (seed, held_out) in EVALUATION.items():
            texts, labels = labelled_notes(seed, 4_000, held_out)
            said = np.array([reading.p1 >= 0.5 for reading in engine.read(texts)])
            print(
                f"{engine.identity.engine} {name} sensitivity {said[labels == 1].mean():.3f} "
                f"specificity {1 - said[labels == 0].mean():.3f}"
            )


if __name__ == "__main__":
    main()
