"""Draws a trained model as one self-contained page, for the person who approves it.

Belongs here: the page of charts and tables. Does not belong here: what the model is (trained_model.py). Patterns of
agreement are shown, never records.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl
import vl_convert
from jinja2 import Environment, FileSystemLoader, select_autoescape

from drawing.text_room import with_room
from record_linkage.model.trained_model import TrainedModel, model_parameters
from record_linkage.specification import PRIOR

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
BLUE, ORANGE = "#12436d", "#f46a25"
WIDTH = 520


def draw_model(
    model: TrainedModel, name: str, trained_on: str, records: Mapping[str, int], patterns: Mapping[str, dict[str, str]]
) -> str:
    """HTML page with match weights, the m/u table, agreement of training rules, waterfalls and unlinkable records.

    `trained_on`: of what, in words; `records`: words for the records of either side, and how many; `patterns`: titles
    of waterfalls, and which comparisons are at which level there, if not at the highest.
    """
    parameters = model_parameters(model)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True), trim_blocks=True
    )
    environment.filters["zip"] = zip  # pyright: ignore[reportUnknownMemberType]
    return environment.get_template("linkage_model.html.j2").render(
        name=name,
        digest=model.digest,
        synthetic=model.is_synthetic,
        trained_on=trained_on,
        records=[f"{number:,} {what}" for what, number in records.items()],
        prior=model.splink[PRIOR],
        parameters=parameters.to_dicts(),
        usual=model.usual_levels,
        sessions=_sessions(model),
        profile=model.profile,
        weights=_svg(_match_weights(parameters)),
        agreement=_svg(_agreement(model)),
        waterfalls=[
            {"title": title, "svg": _svg(_waterfall(steps)), "total": steps[-1]["upto"]}
            for title, steps in ((title, waterfall(model, changed)) for title, changed in patterns.items())
        ],
        unlinkables=_svg(_unlinkables(model)),
    )


def waterfall(model: TrainedModel, changed: dict[str, str]) -> list[dict[str, Any]]:
    """Steps from the prior to the match weight of a pattern: step, bits, upto. Exact agreement unless `changed`."""
    prior = model.splink[PRIOR]
    upto = math.log2(prior / (1 - prior))
    steps = [{"step": "before comparing", "bits": upto, "from": 0.0, "upto": upto}]
    for comparison in model_parameters(model).partition_by("comparison", maintain_order=True):
        name = comparison["comparison"][0]
        level = changed.get(name, comparison["level"][0])
        bits = comparison.filter(pl.col("level") == level)["match_weight"].item()
        steps.append({"step": f"{_words(name)}: {level}", "bits": bits, "from": upto, "upto": upto + bits})
        upto += bits
    return [*steps, {"step": "match weight", "bits": upto, "from": 0.0, "upto": upto}]


def _sessions(model: TrainedModel) -> list[dict[str, Any]]:
    frame = pl.DataFrame(model.sessions)
    if frame.is_empty():
        return []
    return (
        frame.group_by("comparison", "level", maintain_order=True)
        .agg(estimates="m", rules="rule")
        .with_columns(bits=(pl.col("estimates").list.max() / pl.col("estimates").list.min()).log(2).round(2))
        .to_dicts()
    )


def _match_weights(parameters: pl.DataFrame) -> alt.Chart:
    frame = parameters.with_columns(label=pl.format("{}: {}", pl.col("comparison").str.replace_all("_", " "), "level"))
    return (
        alt.Chart(alt.Data(values=frame.to_dicts()))
        .mark_bar()
        .encode(
            x=alt.X("match_weight:Q", title="match weight, bits"),
            y=alt.Y("label:N", sort=frame["label"].to_list(), title=None, axis=alt.Axis(labelLimit=400)),
            color=alt.condition("datum.match_weight > 0", alt.value(BLUE), alt.value(ORANGE)),
        )
        .properties(width=WIDTH, height=alt.Step(18))
    )


def _agreement(model: TrainedModel) -> alt.Chart:
    rows = [
        row | {"label": f"{_words(row['comparison'])}: {row['level']}", "rule": _words(row["rule"])}
        for row in model.sessions
        if row["m"] > 0
    ]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_point(filled=True, size=60)
        .encode(
            x=alt.X("m:Q", title="estimate of m, logarithmic", scale=alt.Scale(type="log")),
            y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=400)),
            shape=alt.Shape("rule:N", title="training rule", legend=alt.Legend(orient="bottom", columns=1)),
            color=alt.value(BLUE),
        )
        .properties(width=WIDTH, height=alt.Step(18))
    )


def _waterfall(steps: list[dict[str, Any]]) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=steps))
        .mark_bar()
        .encode(
            x=alt.X("from:Q", title="match weight, bits"),
            x2="upto:Q",
            y=alt.Y("step:N", sort=[step["step"] for step in steps], title=None, axis=alt.Axis(labelLimit=400)),
            color=alt.condition("datum.bits > 0", alt.value(BLUE), alt.value(ORANGE)),
        )
        .properties(width=WIDTH, height=alt.Step(20))
    )


def _unlinkables(model: TrainedModel) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=model.unlinkables))
        .mark_line(color=BLUE)
        .encode(
            x=alt.X("match_weight:Q", title="match weight asked of a link, bits"),
            y=alt.Y("share:Q", title="share of records below it against themselves", axis=alt.Axis(format="%")),
        )
        .properties(width=WIDTH, height=220)
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _svg(chart: alt.Chart) -> str:
    in_arial = chart.configure(font="Arial, Helvetica, sans-serif")  # pyright: ignore[reportUnknownMemberType]
    return with_room(vl_convert.vegalite_to_svg(in_arial.to_json(), allowed_base_urls=[]))  # nothing is fetched
