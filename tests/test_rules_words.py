"""What rules say, in every language: no word of another language, nothing lost, old files read."""

import json
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from customers import FORMS, make

from segmentation.methods import ABC, RFM, Clusters, Scorecard, Threshold, build
from segmentation.methods.building import as_usual
from segmentation.rules import Remark, Rule
from segmentation.words.reader import Reader, sentence

CUSTOMERS = make(
    [(5 * i, 1 + i % 4, 100 * (i + 1) ** 2, None if i % 4 == 0 else 9.0 + i) for i in range(40)]
    + [(7, 3, -500, 30.0), (900, 1, 10**9, None)]
)
# what is written with Latin letters in Chinese too
ALLOWED = {*"ABCRFMVx", "ABC", "RFM", "AHP", "USD", "SQL", "ln", "Jaccard"}
MORE = {
    "names eight": RFM(names="eight"),
    "own table": RFM(
        segments={"优先": {"R": "4-5"}, "常客": [{"F": 5}, {"R": 5}], "其余": "else"},
        segment_tiers={"优先": "A", "常客": "B", "其余": "C"},
    ),
    "raw clusters": Clusters(columns=("monetary", "mean_gap_days", "average_order"), k=3, log=False),
    "lowest": Threshold(cuts=(10, 50), column="mean_gap_days", missing="lowest"),
    "refused": Scorecard({"monetary": {}, "mean_gap_days": {"weight": 2}}, missing="refuse"),
    "judged": Scorecard({"monetary": {}, "frequency": {}}, pairwise=[[1, 3], [1 / 3, 1]]),
    "many clusters": Clusters(k=9),
}


def learn(name: str) -> tuple[Rule, pd.DataFrame]:
    form = {**FORMS, **MORE}[name]
    customers = CUSTOMERS.fillna({"mean_gap_days": 1.0}) if name == "raw clusters" else CUSTOMERS
    if name == "many clusters":
        customers = make([(1, 1, 100, None), (9, 2, 900, None)] * 5)
    return type(form)(**form.get_params()).fit(customers).rule_, customers


@pytest.mark.parametrize("name", [*FORMS, *MORE])
def test_in_chinese_there_is_no_english_word(name: str) -> None:
    rule, customers = learn(name)
    said = [rule.statement("zh"), rule.audit().summary("zh")]
    said += [str(rule.explain(customers.iloc[place], "zh")) for place in (0, 3, len(customers) - 1)]
    said += [Reader("zh").word(segment) for segment in rule.segment_names]
    assert set(re.findall("[A-Za-z]+", "\n".join(said))) <= ALLOWED


@pytest.mark.parametrize("name", [*FORMS, *MORE])
def test_in_english_there_is_no_code_and_no_placeholder(name: str) -> None:
    rule, customers = learn(name)
    said = "\n".join([rule.statement(), rule.audit().summary(), str(rule.explain(customers.iloc[0]))])
    assert not re.search(r"[{}_]|nan", said)
    assert not re.search(r"\b1 (customers|cells|days|months|tiers|segments)\b", said)


def test_a_remark_is_stored_with_its_figures_and_said_in_any_language() -> None:
    rule = (
        RFM(combine="weighted", pairwise=[[1, 5, 7], [1 / 5, 1, 3], [1 / 7, 1 / 3, 1]]).fit(CUSTOMERS).rule_
    )
    again = Rule.from_json(rule.to_json())
    assert again.notes == rule.notes
    assert again.notes[0] == "Weights R/F/M by AHP: 0.731/0.188/0.081, consistency ratio 0.056."
    assert again.reader("zh").say(again.remarks[0].sentence).endswith("一致性比率 0.056。")
    nested = Remark.of(sentence("{parts:list}", parts=[sentence("{n} {n:day|days}", n=1)]))
    assert Remark.model_validate_json(nested.model_dump_json()) == nested
    assert str(nested.sentence) == "1 day"


def test_a_rule_of_the_first_schema_is_read_and_keeps_its_english() -> None:
    rule = Clusters(k=3).fit(CUSTOMERS).rule_
    old = json.loads(rule.to_json()) | {"version": 1}
    old["remarks"] = [{"en": "100% of {them}.", "zh": "其 100%。"}]
    for cluster in old["clusters"]:
        cluster["name_zh"] = "名称"
    read = Rule.from_json(json.dumps(old))
    assert read.notes == ("100% of {them}.",)
    assert read.model_copy(update={"remarks": rule.remarks}) == rule


@pytest.mark.parametrize("table", ["eight", "ten", "eleven"])
def test_names_beside_the_score_change_no_tier(table: str) -> None:
    plain = RFM(names=None).fit(CUSTOMERS).rule_
    named = RFM(names=table).fit(CUSTOMERS).rule_
    before, after = plain.apply(CUSTOMERS), named.apply(CUSTOMERS)
    pd.testing.assert_frame_equal(after.drop(columns="segment"), before)
    assert named.audit().ok
    assert after["segment"].isin(named.segment_names).all()
    assert not plain.segment_names
    assert list(Rule.from_json(named.to_json()).apply(CUSTOMERS)["segment"]) == list(after["segment"])


def test_segments_are_named_as_is_usual_in_the_language() -> None:
    names = {
        language: build("RFM", as_usual({"RFM": {}}, language)["RFM"], ("A", "B", "C"), 0)
        .fit(CUSTOMERS)
        .rule_.segment_names
        for language in ("en", "zh")
    }
    assert [len(found) for found in names.values()] == [11, 8]
    assert Reader("zh").word(names["zh"][0]) == "重要价值客户"
    assert as_usual({"RFM": {"names": "ten"}}, "zh")["RFM"]["names"] == "ten"
    assert not RFM(scores=4).fit(CUSTOMERS).rule_.segment_names  # the eleven need five scores


def test_a_segment_may_be_called_by_its_chinese_name() -> None:
    tiers = dict.fromkeys(["重要价值客户", "重要发展客户", "重要保持客户", "重要挽留客户"], "A")
    tiers |= dict.fromkeys(["一般价值客户", "一般发展客户", "一般保持客户", "General-Win-back"], "B")
    rule = RFM(segments="eight", segment_tiers=tiers, tiers=("A", "B")).fit(CUSTOMERS).rule_
    assert set(rule.apply(CUSTOMERS)["tier"]) == {"A", "B"}


def test_steps_are_called_by_their_codes_where_cells_are() -> None:
    said = RFM(segments="eight").fit(CUSTOMERS).rule_.statement().splitlines()
    assert any(line.startswith("F (orders): 2: 3 or more; 1: below 3.") for line in said)
    assert "Score = 2 × (R − 1) + (F − 1) + 4 × (M − 1)." in said


@pytest.mark.parametrize("method", [ABC(), RFM(scores=3), Clusters(k=3), Scorecard({"monetary": {}})])
def test_tables_of_arrow_and_decimals_are_taken(method: object) -> None:
    cents = pa.array([f"{x:.2f}" for x in CUSTOMERS["monetary"]]).cast(pa.decimal128(18, 2))
    plain = CUSTOMERS[["customer_id", "recency_days", "frequency", "monetary"]]
    place = plain.columns.get_loc("monetary")
    table = pa.Table.from_pandas(plain, preserve_index=False).set_column(place, "monetary", cents)
    plain.attrs = {}
    rule = method.fit(table).rule_  # type: ignore[attr-defined]
    assert rule == method.fit(plain).rule_  # type: ignore[attr-defined]
    assert list(rule.apply(table)["tier"]) == list(rule.apply(plain)["tier"])
    assert list(method.fit(table.to_pandas(types_mapper=pd.ArrowDtype)).rule_.counts)  # type: ignore[attr-defined]


def test_a_rule_prints_itself_and_lists_what_is_ours() -> None:
    rule = ABC().fit(CUSTOMERS).rule_
    counts = ", ".join(f"{tier} {count}" for tier, count in rule.counts.items())
    assert repr(rule) == f"<ABC rule as of 2017-12: {counts}>"
    assert str(rule) == rule.statement()
    assert rule._repr_html_().startswith(
        "<p><strong>ABC: a rule of the kind points (cuts on columns).</strong>"
    )
    found = rule.explain(CUSTOMERS.iloc[0])
    assert repr(found) == "\n".join(found.sentences)
    assert found._repr_html_().count("<li>") == len(found.sentences) - 1
    assert {"apply", "statement", "criteria", "tier_cuts"} <= set(dir(rule))
    assert not {"model_dump", "copy", "parse_obj", "model_config"} & set(dir(rule))
    assert np.isfinite(found.score)
