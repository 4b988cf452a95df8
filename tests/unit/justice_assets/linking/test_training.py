"""The model of justice records is trained on a sample, however small a part of the records that is."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.linking.train_justice_model import train_justice_model
from tests.unit.justice_assets.stated_linkage import BACKEND, KEY, SETTINGS, persons

PEOPLE, RECORDS, MISTAKE = 6_000, 4, 0.08
FIELDS = {"forename": 300, "middle_names": 80, "surname": 900, "birth_date": 9_000, "sex": 2, "postcode": 4_000}


def made_up_persons() -> pl.DataFrame:
    """Records of made-up people, in each field sometimes another value than theirs."""
    draws = np.random.default_rng(5)
    theirs = {name: draws.integers(0, number, PEOPLE) for name, number in FIELDS.items()}
    rows = []
    for number in range(PEOPLE * RECORDS):
        whose = number % PEOPLE
        value = {
            name: int(draws.integers(0, many)) if draws.random() < MISTAKE else int(theirs[name][whose])
            for name, many in FIELDS.items()
        }
        rows.append(
            {"source": "magistrates", "record_key": f"M{number:06}", "name_form": 0, "sex": "MF"[value["sex"]]}
            | {name: f"{_letters(value[name] * 7)}{value[name]:04}" for name in ("forename", "middle_names", "surname")}
            | {"postcode": f"LS{value['postcode'] // 500} {value['postcode'] % 10}{_letters(value['postcode'])}"}
            | {"birth_date": date(1960, 1, 1) + timedelta(days=value["birth_date"])}
            | {"pnc": f"2004/{whose:07}A", "cro": f"{whose:06}/04B"}
        )
    return persons(*rows)


def _letters(number: int) -> str:
    return f"{chr(65 + number % 26)}{chr(65 + number // 260 % 26)}"


def test_a_sample_with_hardly_two_records_of_one_person_is_enough_to_train_on():
    identities = condense_persons([made_up_persons()]).identities
    few = SETTINGS.model_copy(update={"training_records": 800, "chance_pairs": 40_000})
    model = train_justice_model(identities.lazy(), BACKEND, few, {"synthetic": "test"}, KEY)
    assert model.trained_on["identities"] == 800
    by_name = {each["output_column_name"]: each["comparison_levels"][1:] for each in model.splink["comparisons"]}
    pairs = identities.join(identities, on="pnc").filter(pl.col("identity") < pl.col("identity_right"))
    for comparison, column in (("forename", "forename"), ("surname", "surname"), ("born", "birth_date")):
        agree = float((pairs[column] == pairs[f"{column}_right"]).mean())
        assert abs(by_name[comparison][0]["m_probability"] - agree) < 0.05, comparison
