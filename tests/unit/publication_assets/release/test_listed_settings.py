"""Settings are listed by name and value, without those that name people, and without what is only said."""

from publication_assets.steps.release.listed_settings import listed_settings
from resources.settings.study_settings import load_study_settings


def test_every_setting_that_decides_a_figure_is_listed_by_its_dotted_name():
    settings = load_study_settings()
    listed = listed_settings(settings)
    assert listed["linkage.threshold"] == settings.linkage.threshold
    assert listed["modelling.models.linked_atr.outcome"] == settings.modelling.models["linked_atr"].outcome
    assert listed["drift.plausible.ogrs_known"] == [0.3, 1.0]


def test_no_setting_that_names_people_is_listed():
    settings = load_study_settings()
    named = settings.linkage.threshold_decision.model_copy(update={"decided_by": "Ada Decider"})
    linkage = settings.linkage.model_copy(update={"threshold_decision": named})
    release = settings.release.model_copy(update={"contact": "ada@example.org"})
    listed = listed_settings(settings.model_copy(update={"linkage": linkage, "release": release}))
    assert not {"Ada Decider", "ada@example.org"} & {str(value) for value in listed.values()}
    assert {name.partition(".")[0] for name in listed}.isdisjoint({"release", "governance", "duties"})
