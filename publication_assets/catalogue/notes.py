"""Notes and shorthand of the published tables.

Belongs here: what the notes say, and what shorthand stands for. Does not belong here: which table has which notes
(tables.py).
"""

NOTES = {
    "unit": (
        "The unit is the requirement ({a_type} attached to a community order or suspended sentence order), not "
        "the person. A person with several requirements is counted several times."
    ),
    "linked": (
        "Linked to structured treatment: the person was linked with probability at or above the study's threshold "
        "to a journey of {structured} in NDTMS that {journey_counts}. Links that could not be made with confidence "
        "are missing. The share linked is therefore likely to be lower than the share in structured treatment."
    ),
    "estimate": (
        "Estimate [e]: the share of the sampled requirements not linked whose contact notes indicate engagement in "
        "any treatment, applied to all requirements not linked. 'All' uses the share of the whole sample, and "
        "{each_type} their own. The {each_type} estimates therefore do not add up to 'All'. {so_many_notes} that "
        "{indicate} engagement {are} enough. How much treatment took place is not known. The estimate is not "
        "corrected for classification error, which the {level} limits do not include. Table 20 has the corrected "
        "estimate."
    ),
    "sample": (
        "Sample: requirements not linked to structured treatment, drawn at random. Their contact notes between the "
        "start and the end of the requirement (or of observation) were classified. Linked requirements in the same "
        "sample are left out. A requirement has no result if some keyword note could not be labelled and {too_few} "
        "{indicate} engagement. It is left out of the base."
    ),
    "no_keyword": "A requirement without any note that contains a treatment keyword is assumed not to have engaged.",
    "limits": (
        "{level} limits: those of a random sample drawn without replacement, with the requirements of one person "
        "taken together. They are Wilson intervals of the effective sample size. They allow for sampling error "
        "only."
    ),
    "narrow_dropout": (
        "Narrow definition of dropped out (sections 2.3 and 2.4 of the published report): the journey ended "
        "because the person left treatment{or_transferred_dropped}. Journeys that ended in prison or death are "
        "counted separately."
    ),
    "wide_dropout": (
        "Wide definition of dropped out (sections 3.6, 3.7 and 4.5 of the published report): the journey ended in "
        "dropout, or because the person entered prison or died. Where a table shows the three separately, this row "
        "is their sum and not part of the totals."
    ),
    "cjit": (
        "CJIT: criminal justice intervention teams, which give unstructured support. Contact with a CJIT is "
        "counted before prison. Each requirement not linked is in one of three rows: CJIT, prison, or neither."
    ),
    "no_setting": (
        "In no NDTMS treatment setting: linked neither to structured treatment that counts for the requirement nor "
        "to a CJIT, whether in prison or not. Some of these people are linked to NDTMS at another time or in "
        "another kind of setting, such as treatment that ended before the sentence, a secure setting, or an "
        "episode without a start. The others are linked to no NDTMS record. Either they had no treatment there, or "
        "a link was missed."
    ),
    "reconviction": (
        "{reconviction_list}. Reconvicted: {reconviction}. Some reconvictions are not counted yet, because court "
        "results arrive late and courts changed their record system within the period. The linkage quality report "
        "counts results by quarter and court system."
    ),
    "short_follow_up": (
        "Requirements followed for less than {period} and not reconvicted so far are in the base. They count as "
        "not identified as reconvicted, and are shown in the rows 'followed for less than {period}'."
    ),
    "model": (
        "Multilevel logistic regression with a random intercept for probation region, fitted to multiply imputed "
        "data and pooled by Rubin's rules. Each odds ratio is adjusted for the other factors of the table. It "
        "compares a level with the reference level of its factor. Associations are not causal. They apply to these "
        "data and this model only."
    ),
    "regions": (
        "Probation regions have no reference level. Each is compared with the average region. Their odds ratios "
        "are the conditional modes of the random intercept. They are drawn towards 1, the average region, and more "
        "so for regions with fewer records. Their intervals and P values allow for chance in the records of the "
        "region and in the imputation. They do not allow for the uncertainty of the other estimates of the model, "
        "so they are somewhat too narrow. Table 27 has regions as fixed effects."
    ),
    "pooled_models": (
        "{types} together: the records of the models {of_each_type}, with the requirement type as a factor. Other "
        "factors are assumed to have the same association with the outcome in both. The tables {of_each_type} show "
        "them separately."
    ),
    "model_records": (
        "Counts of records include records whose missing level was imputed. They are means over the imputed data "
        "sets, rounded. Records with a missing outcome are left out of the model."
    ),
    "odds_ratio_counts": (
        "The counts of a level and of its reference level could be calculated from an odds ratio, its interval and "
        "what is said of it. Where one of these counts is withheld, they are withheld too [c]."
    ),
    "model_status": "{left_out_statuses}.",
    "few_not_recorded": (
        "Requirements whose characteristic is not recorded are in the row 'Not recorded'. Where they are fewer "
        "than 1 in 100, they are counted in the row with the most requirements. In a row of their own they would "
        "be so few that figures of other rows would have to be withheld with them."
    ),
    "share_limits": (
        "{level} limits of the share: Wilson. They allow for chance. They take requirements of one person as "
        "independent, so they are slightly too narrow. They do not include linkage error or errors in the records. "
        "Where the report compares groups, it calls a group different if its exact limits leave out the share "
        "of all requirements of the table."
    ),
    "long": ("Few requirements are longer than 12 months, so figures of that row have low reliability."),
    "termination": (
        "Sampled requirements not linked to structured treatment that had ended. For each requirement with contact "
        "notes in the last {termination_period} before its end, the share of those notes that indicate engagement "
        "in treatment is taken. The table shows the mean of these shares. Requirements without notes in those "
        "weeks have no share and are left out of the mean. So are those with a keyword note that has no label."
    ),
    "termination_limits": (
        "{level} limits of the mean: design-based, from t over people. They allow for sampling error, not for "
        "classification error."
    ),
    "estimate_limits": (
        "Limits have a coverage of {level}. Uncorrected: those of the sample design, which allow for sampling "
        "error only. Corrected: a bootstrap by person that also draws sensitivity and specificity from the range "
        "that the reviewed cases allow. Neither includes linkage error."
    ),
    "corrected": (
        "Corrected for label error (Rogan and Gladen): the share engaged that would give the share labelled "
        "engaged, with the sensitivity and specificity of the reviewed requirements not linked. This assumes that "
        "requirements of the sample are labelled wrongly as often as these, for {types} alike. Reviewed "
        "requirements have a keyword note. Those without one are not corrected and count as not engaged. [x] means "
        "that no case was reviewed or that the labels say too little. Where the labels contradict the reviewed "
        "cases, the estimate is cut to what is possible, as the remark says."
    ),
    "bounds": (
        "Requirements without a result are counted as engaged in one row and as not engaged in the other. The "
        "truth about missing results lies between the two."
    ),
    "label_errors": (
        "Labelled correctly: of requirements that reviewers call engaged, the share labelled engaged "
        "(sensitivity). Of those they call not engaged, the share labelled not engaged (specificity). Limits: "
        "Wilson. The correction uses reviewed requirements that are not linked, like those it corrects. It is not "
        "known who is linked where notes are classified, so positive controls are among all reviewed requirements. "
        "These are shown as well. Counts of reviewed requirements are rounded where one is small, or where a small "
        "one could be found by subtraction. Limits then cover every value that it may have had."
    ),
    "decoys": (
        "Positive controls: linked requirements added to the sample. They are known to be in structured "
        "treatment, so the share labelled engaged is a second estimate of the sensitivity. Linked people engage more "
        "and their notes say so more often, so it is likely to be too high for those not linked. Treatment may also "
        "lie outside the time of the notes. They never count as not linked."
    ),
    "link_thresholds": (
        "A lower threshold makes more links, and more of them are wrong. A higher one misses more. Everything else "
        "is as in the other tables: what is one person, what happens when links contradict each other, and which "
        "journey counts for a requirement."
    ),
    "wrong_links": (
        "Sensitivity: the share of those in structured treatment that linkage finds. Specificity: the share of those "
        "not in it that linkage leaves alone. Both are assumed, not measured. Rows 'as estimated' have the missed "
        "links that the linkage quality report estimates, alike for all or by accommodation (table 40). "
        "Shares are corrected as of an imperfect test (Rogan and "
        "Gladen), odds ratios by the likelihood of an outcome recorded with these errors (Magder and Hughes). [x] "
        "where linkage with these errors could not have given the links that there are."
    ),
    "wrong_links_by_group": (
        "Errors need not be alike for all: in these rows linkage finds fewer of one group than of the rest, or of the "
        "reconvicted than of the others. A requirement whose characteristic is not recorded is one of the others, "
        "unless fewer than 1 in 100 are so and the group is the largest."
    ),
    "missed_by_group": (
        "Links missed: what the linkage model expects, from the probabilities of pairs that it compared and did not "
        "link (linkage quality report, section 7), of people by what is recorded for their latest sentence. Pairs that "
        "were never compared are not in it. The last row has what review of pairs found instead, of true links among "
        "the pairs compared; review does not tell groups apart. Corrected: the share linked divided by the share of "
        "links that are found, with no wrong link. "
        "[x] where there is no estimate, or where it contradicts the share linked. Table 26 has the "
        "shares under assumed errors, alike for all and not."
    ),
    "missed_limits": (
        "{level} limits. Links missed: chance alone, if the probabilities of the linkage model are right; by review "
        "of pairs, the limits of the review. Linked: Wilson. Corrected: both put together, as of two independent "
        "numbers."
    ),
    "missing_values": (
        "Of all requirements, before any leaves a model. A value that is none of the factor's levels counts as "
        "missing. Models leave out requirements with a missing outcome; missing factors are imputed."
    ),
    "imputed_values": (
        "Of the records of each model: the share of the level among recorded values, and among the values drawn for "
        "missing ones, all completed data sets together. Imputed shares may differ from recorded ones, because values "
        "are missing more often in some groups. Differences are of shares that are not rounded."
    ),
    "other_assumptions": (
        "Main model: the multilevel model of the tables of odds ratios (16 to 19, 30 and 31). All others are logistic "
        "regressions with a fixed effect per region; regions are compared with their unweighted average there, and not "
        "shrunken. 'Region fixed effects' differs in nothing else; each other one differs from that in what its name "
        "says. "
        "Complete cases: records with every factor recorded, nothing imputed. 'Imputed by': missing factors completed "
        "in another way than for the main model (methodology paper, 6.2). 'At the level': linkage finds "
        "fewer at the level of the row than in the rest. The models of reconviction take links as they are. "
        "'Missed links as estimated by' a characteristic: linkage finds the share of table 40 of each of its groups, "
        "and links nobody else. 'As clerical review found', or 'as a simulated review found' where no person looked at "
        "a pair: the share that review found, alike for all. "
        "'Followed in full': records followed for all of the {period} in which a reconviction is looked for. "
        "'Convictions only': of these, with only the outcomes that follow a conviction counted as a reconviction."
    ),
    "by_year": (
        "Calendar year of sentence; the first and the last may be part of a year. Later sentences have had less time "
        "to be linked to treatment that starts after them and to be followed by a reconviction, so a fall in the last "
        "years is no finding by itself. Table 27 has the odds ratio per later year with other factors held equal."
    ),
    "by_quarter": (
        "Calendar quarter of sentence; the first may be part of one. Later sentences have had less time to be linked "
        "to treatment that starts after them, so a fall in the last quarters is no finding by itself. Reconvicted is "
        "of those followed for all of the {period}. {level} limits: Wilson, as if every requirement were drawn by "
        "itself. They allow for chance only. Quarters of a year add up to table 32."
    ),
    "by_authority": (
        "Upper tier local authority of the address on the day of sentence, where it lies in the probation region of "
        "the requirement. An authority has a row where it has enough requirements of each type for its figures to be "
        "shown. All others are in the row 'Rest of the region, or not known'. So are people of no fixed address, and "
        "addresses that are not known or lie in another region. Authorities are not compared with their "
        "region: its total includes people who cannot be placed, who may be harder to link. Authorities differ in who "
        "is sentenced and in how well records can be linked: a difference does not show how well services work."
    ),
    "cumulative": (
        "Cumulative: each row includes the rows above it. Time runs from sentence to the start of the linked journey."
    ),
    "of_all": (
        "Of all requirements: those not linked are in the base and count as not in structured treatment by then. "
        "So do those sentenced so late that the time had not passed by the end of observation. Counts are those of "
        "table 8."
    ),
    "on_days": (
        "In structured treatment on a day: any structured journey that counts for the requirement is open on it, not "
        "only the linked one, as somebody who left treatment and came back is in it. Pauses that do not end a journey "
        "count as treatment. 3, 6 and 12 weeks are 21, 42 and 84 days, 6 and 12 months 183 and 365 days. Each row is "
        "of the requirements that were observed for so long."
    ),
    "same_requirements": (
        "The last two shares of each type are of the same requirements in every row, those observed for 12 months. "
        "Those that had been in treatment by a day but are not in it on that day have left it: completed, dropped out, "
        "in prison or dead."
    ),
    "start_of_time": (
        "Time runs from the start of the linked journey, or from sentence for those already in treatment then: nobody "
        "could drop out for this sentence before it. 3, 6 and 12 weeks are 21, 42 and 84 days, 6 and 12 months 183 and "
        "365 days."
    ),
    "incidence": (
        "Estimate [e]: cumulative incidence with competing events (Aalen and Johansen). Those still in treatment when "
        "their observation ends are taken to go on like those observed for longer; those who completed treatment, "
        "entered prison or died cannot drop out any more. {level} limits treat requirements as independent of each "
        "other. The last row of each group has shares of the status at the end of observation, as in table 2, and the "
        "median time of those that dropped out by then; treatment that started late can only have ended soon."
    ),
    "at_the_end": (
        "Of requirements that had ended by the end of observation; the day is that of the end of the requirement, not "
        "of the order. A journey that ended on or before it had ended by then; of several, the one that ended last is "
        "shown. Treatment may appropriately last longer than the requirement. Contact with a CJIT is counted whenever "
        "it was."
    ),
    "all_people": (
        "Published: all adults in drug and alcohol treatment in England, April 2022 to March 2023 (Office for Health "
        "Improvement and Disparities: Adult substance misuse treatment statistics 2022 to 2023, Open Government "
        "Licence v3.0). They count people in one year. This release counts requirements over the whole observation "
        "period; many of the people are in the published figures too. Those that left treatment are linked "
        "requirements whose journey had ended, also in prison or in a transfer that nothing followed. Nothing is "
        "adjusted for the characteristics of people on probation, so a difference does not show an effect."
    ),
    "time": (
        "Time runs from sentence to the start of the linked journey, in the row of its band: not cumulative. Mean and "
        "median are over requirements that were not already in treatment at sentence."
    ),
    "substance_group": (
        "Substance group of the linked journey in NDTMS: opiates if any opiate is recorded, else non-opiates with or "
        "without alcohol, else alcohol only."
    ),
    "two_records": (
        "Probation records how the requirement ended (nDelius). Treatment services record how the treatment "
        "journey ended (NDTMS). The two may end at different times and for different reasons, so they need not "
        "agree."
    ),
    "use_forms": (
        "Days on which a substance was used in the last 28, as the Treatment Outcomes Profile of NDTMS asks. Start: "
        "the start form nearest to the start of the linked journey, at most {start_form_days} away, also where "
        "treatment began before sentence. Last form: the exit form at most {exit_form_days} from the end of the "
        "journey, else the latest review, at least {days_between_forms} after the start form."
    ),
    "use_base": (
        "Shares used and means are of requirements whose use is known at both forms. People who left treatment early "
        "have no later form and are not among them, so reductions are overstated for all who started. Use also falls "
        "by itself among people who start treatment when it is highest. The change is not an effect of treatment."
    ),
    "use_main": (
        "Main problem substance: the first that the episode with the start form names. Without a start form it is not "
        "known; such requirements are in the count of linked only."
    ),
    "use_stopped": (
        "Used on one day or more in the 28 days before the start form, and on none in those before the last form."
    ),
    "use_change": (
        "Days at the last form less days at the start, requirement by requirement; below 0: fewer days. {level} "
        "limits: from t over people, as the requirements of one person may rest on the same forms. They allow "
        "for chance, not for the absence of those without a later form."
    ),
    "strength": (
        "Strength is given for significant associations only. It is strong, moderate or weak, by the size of the "
        "odds ratio or its inverse. The methodology has the limits."
    ),
    "followed_in_full": (
        "Those followed for less than {period} are left out, whether reconvicted or not. In tables 12 to 15, the "
        "study's own measure, they are in the base. Those without a reconviction so far count there as not "
        "reconvicted. {level} limits take the requirements of one person together. They do not include linkage "
        "error."
    ),
    "convictions_only": (
        "Of the listed outcomes, only those that follow a conviction count here. Which do is our classification of the "
        "list (methodology paper, appendix D)."
    ),
    "status_is_later": (
        "Treatment status is measured at the end of observation, which is after the reconvictions that are counted. "
        "Entering prison ends treatment, and can itself follow from the reconviction."
    ),
    "worst_known": (
        "Worst known result: the lowest specificity that was measured of the classifier, on invented notes whose "
        "answer is known (table 21). The row corrects the labels of this run with it. It shows what the estimate "
        "would be if the classifier did no better on real notes. Limits are cautious: the interval of the sample and "
        "both of the measurement at the same end."
    ),
}

SHORTHAND = {
    "[c]": "confidential: a small count, a count from which one could be calculated, or a figure based on such a count",
    "[e]": "estimated",
    "[low]": "rounds to zero: it is zero at the precision shown, but not in fact",
    "[u]": "low reliability: the figure is withheld, because it is based on too few records",
    "[x]": "not available: there are no records to compute it from, or the model could not estimate it",
    "[z]": "not applicable: the row or the column has no such figure",
}


def note_numbers() -> dict[str, int]:
    """Number of each note, in the order in which NOTES lists them."""
    return {name: number for number, name in enumerate(NOTES, start=1)}
