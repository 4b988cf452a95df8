"""What a person reads at the end of a refresh. Does not belong here: what is in the manifest (publication_assets)."""


def summary_lines(manifest: dict, truth: dict[str, float]) -> list[str]:
    """What a person reads at the end of a refresh. `truth`: how right synthetic results are."""
    lines = ["", f"Pathways {manifest['quarter']}"]
    if manifest["synthetic_extracts"]:
        lines.append("Made from SYNTHETIC extracts: no figure here describes real people.")
    kinds = {engine["kind"] for engine in manifest["labels"]}
    if "fixture" in kinds:
        lines.append("Notes were labelled by the FIXTURE model, which shows the path and is no classifier.")
    if "encoder" in kinds:
        lines.append("Notes were labelled by the ENCODER, which was trained on invented notes only.")
    lines += [
        f"No instruct model read the notes, for this reason: {reason}"
        for reason in manifest["without_instruct_model_because"]
    ]
    for name, values in manifest["headline"].items():
        lines.append(f"  {name:38s} " + "  ".join(f"{group} {_number(value)}" for group, value in values.items()))
    lines += [
        f"  accepted by {accepted['by']} on {accepted['on']}: {accepted['measure']} ({accepted['check']})"
        for accepted in manifest["accepted"]
    ]
    if manifest["not_given_of_release"]:
        lines.append(f"  not given in study.toml, and said so: {', '.join(manifest['not_given_of_release'])}")
    for name, value in truth.items():
        lines.append(f"  truth: {name:31s} {_number(value)}")
    slowest = sorted(manifest["assets"].items(), key=lambda item: -item[1]["seconds"])[:5]
    lines.append("  slowest: " + ", ".join(f"{name} {asset['seconds']:.0f} s" for name, asset in slowest))
    lines.append(f"  peak memory {max(asset['peak_mb'] for asset in manifest['assets'].values()):,} MB")
    return lines


def _number(value) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name} {_number(inner)}" for name, inner in value.items())
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}" if abs(value) <= 1 else f"{value:.1f}"
