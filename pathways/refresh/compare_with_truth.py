"""Compares what the pipeline found on synthetic extracts with what is true.

Belongs here: precision and recall of links, of blocking and of note labels, as shares. Does not belong here: anything
the pipeline itself reads, and what makes the truth (synthetic_extracts). Truth lies in root/truth/<quarter> and is
never an input of the pipeline.
"""

from pathlib import Path

import polars as pl

from contracts.crossings import crossing_file

SHARE_DIGITS = 4


class TruthNotAvailable(Exception):
    """There is no truth for the quarter, or the pipeline has not run; says which file is missing and what to do."""


def compare_with_truth(root: Path, quarter: str) -> dict[str, float]:
    """Shares (0 to 1) and counts of how well the quarter's links and labels agree with the truth.

    linkage_precision: links (cluster, client) that are one true person, of all links.
    linkage_recall: true pairs of linkable probation person and consenting client that were linked, of all such pairs.
    people_recall: linkable people with at least one true client who have at least one true link.
    candidate_recall: the true pairs among scored_pairs, which keeps pairs from linkage.lowest_probability up, of all
    true pairs (only when scored_pairs exists). What blocking alone finds is in benchmarks/.
    structured_recall: analysed requirements truly in structured treatment that were linked to it (only when
    combined_requirements exists); structured_precision: those linked that truly are.
    label_accuracy_per_requirement, label_sensitivity, label_specificity: any_engaged of the requested requirements
    against in_any_treatment (only when requirement_engagement exists); labels_without_answer is a count.

    Raises TruthNotAvailable (names of files, no values).
    """
    truth = root / "truth" / quarter
    linkage = root / "linkage" / quarter
    engagement = crossing_file(root, "requirement_engagement", quarter)
    _require(truth / "person_truth.parquet", "Write synthetic extracts first: python -m synthetic_extracts.")
    _require(linkage / "person_key.parquet", "Run the linkage zone of the quarter first.")
    people = pl.read_parquet(truth / "person_truth.parquet")
    clients = pl.read_parquet(truth / "client_truth.parquet").drop_nulls("true_person_id")
    requirements = pl.read_parquet(truth / "requirement_truth.parquet")
    clusters = pl.read_parquet(linkage / "offender_clusters.parquet")
    found = compare_links(people, clients, clusters, _linked_identifiers(linkage))
    if (scored := linkage / "scored_pairs.parquet").exists():
        found["candidate_recall"] = candidate_recall(
            people, clients, clusters, pl.read_parquet(scored, columns=["crn", "client_id"])
        )
    if (combined := linkage / "combined_requirements.parquet").exists():
        found |= compare_structured(requirements, _with_requirement_ids(combined))
    if engagement.exists():
        request = pl.read_parquet(crossing_file(root, "note_request", quarter))
        found |= compare_labels(requirements, request, pl.read_parquet(engagement))
    return found


def compare_links(
    people: pl.DataFrame, clients: pl.DataFrame, clusters: pl.DataFrame, person_key: pl.DataFrame
) -> dict[str, float]:
    """Precision and recall of links between probation people (clusters) and NDTMS clients."""
    links = _true_clusters(people, clusters).join(person_key.select("cluster_id", "client_id"), on="cluster_id")
    links = links.join(
        clients, left_on=["client_id", "true_person_id"], right_on=["CLIENTID", "true_person_id"], how="left"
    )
    right = links.group_by("cluster_id", "client_id").agg(pl.col("consents").is_not_null().any().alias("right"))
    pairs = _true_pairs(people, clients, clusters)
    hit = pairs.join(
        _true_clusters(people, clusters).join(person_key, on="cluster_id").select("true_person_id", "client_id"),
        left_on=["true_person_id", "CLIENTID"],
        right_on=["true_person_id", "client_id"],
        how="semi",
    )
    return {
        "links": person_key.height,
        "true_pairs": pairs.height,
        "linkage_precision": _share(int(right["right"].sum()), right.height),
        "linkage_recall": _share(hit.height, pairs.height),
        "people_recall": _share(hit["true_person_id"].n_unique(), pairs["true_person_id"].n_unique()),
    }


def candidate_recall(
    people: pl.DataFrame, clients: pl.DataFrame, clusters: pl.DataFrame, scored_pairs: pl.DataFrame
) -> float:
    """Share of true pairs that are among the scored pairs."""
    pairs = _true_pairs(people, clients, clusters)
    scored = scored_pairs.join(people, on="crn").select("true_person_id", "client_id").unique()
    hit = pairs.join(
        scored, left_on=["true_person_id", "CLIENTID"], right_on=["true_person_id", "client_id"], how="semi"
    )
    return _share(hit.height, pairs.height)


def compare_structured(requirements: pl.DataFrame, combined: pl.DataFrame) -> dict[str, float]:
    """Of analysed requirements: recall and precision of being linked to structured treatment."""
    both = requirements.filter("analysed").join(
        combined.select("requirement_id", "linked_structured"), on="requirement_id"
    )
    hit = int((both["in_structured"] & both["linked_structured"]).sum())
    return {
        "structured_recall": _share(hit, int(both["in_structured"].sum())),
        "structured_precision": _share(hit, int(both["linked_structured"].sum())),
    }


def compare_labels(requirements: pl.DataFrame, request: pl.DataFrame, engagement: pl.DataFrame) -> dict[str, float]:
    """Labels per requested requirement against the truth."""
    both = (
        request.select("requirement_key", "requirement_id")
        .join(engagement.select("requirement_key", "any_engaged"), on="requirement_key")
        .join(requirements.select("requirement_id", "in_any_treatment"), on="requirement_id")
    )
    answered = both.drop_nulls("any_engaged")
    truth, said = answered["in_any_treatment"], answered["any_engaged"]
    return {
        "labelled_requirements": answered.height,
        "labels_without_answer": both.height - answered.height,
        "label_accuracy_per_requirement": _share(int((truth == said).sum()), answered.height),
        "label_sensitivity": _share(int((truth & said).sum()), int(truth.sum())),
        "label_specificity": _share(int((~truth & ~said).sum()), int((~truth).sum())),
    }


def _linked_identifiers(linkage: Path) -> pl.DataFrame:
    """cluster_id and client_id of the key file, read back through the pseudonym tables of the linkage zone."""
    people = pl.read_parquet(linkage / "probation_pseudonyms.parquet", columns=["person_pseudonym", "cluster_id"])
    clients = pl.read_parquet(linkage / "treatment_pseudonyms.parquet", columns=["client_pseudonym", "client_id"])
    key = pl.read_parquet(linkage / "person_key.parquet")
    identifiers = key.join(people.unique(), on="person_pseudonym").join(clients, on="client_pseudonym")
    return identifiers.select("cluster_id", "client_id")


def _with_requirement_ids(combined: Path) -> pl.DataFrame:
    """requirement_id and linked_structured of the combined requirements."""
    ids = pl.read_parquet(combined.with_name("requirement_pseudonyms.parquet"))
    return pl.read_parquet(combined).join(ids, on="requirement_pseudonym").select("requirement_id", "linked_structured")


def _true_clusters(people: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    return clusters.join(people, on="crn").select("cluster_id", "true_person_id").unique()


def _true_pairs(people: pl.DataFrame, clients: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    linkable = clusters.filter("linkable").join(people, on="crn").select("true_person_id").unique()
    return clients.filter("consents").join(linkable, on="true_person_id").select("true_person_id", "CLIENTID")


def _share(part: int, whole: int) -> float:
    return round(part / whole, SHARE_DIGITS) if whole else float("nan")


def _require(path: Path, remedy: str) -> None:
    if not path.exists():
        raise TruthNotAvailable(f"{path.name} is not there. {remedy}")
