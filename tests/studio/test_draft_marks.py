"""A draft's text with its findings at the word."""

from personalization.studio.drafts.texts import marked, numbered, texts_of, texts_shown

SCHEMA = {
    "properties": {
        "headline": {"type": "string", "title": "Headline"},
        "url": {"type": "string", "format": "uri-reference"},
        "steps": {"type": "array", "items": {"type": "object", "properties": {"title": {}}}},
    }
}


def finding(start, end, *, is_hard=False, path="headline", code="forbidden"):
    return {
        "code": code,
        "path": path,
        "sentence": "Not this.",
        "is_hard": is_hard,
        "start": start,
        "end": end,
    }


def test_the_words_of_a_finding_are_marked_with_its_number():
    shown = marked("Our best boots", numbered([finding(4, 8)]))

    assert 'class="pzd-soft" data-findings="1"' in shown
    assert ">best<sup" in shown


def test_where_two_findings_overlap_both_are_named_and_the_hard_one_shows():
    shown = marked("abcdef", numbered([finding(0, 4), finding(2, 6, is_hard=True)]))

    assert 'class="pzd-hard" data-findings="1 2"' in shown
    assert 'class="pzd-soft" data-findings="2"' in shown


def test_what_a_model_wrote_is_never_markup_here():
    shown = marked("<img src=x onerror=alert(1)>", numbered([finding(0, 4)]))

    assert "<img" not in shown


def test_a_placeholder_stands_apart_from_the_words():
    shown = marked('Hello {{ visitor.first_name | default("you") }}', [])

    assert shown.startswith('Hello <code class="pzd-filled">{{')


def test_hard_findings_come_first():
    found = numbered([finding(0, 1), finding(1, 2, is_hard=True)])

    assert [(each.number, each.finding.is_hard) for each in found] == [(1, True), (2, False)]


def test_a_finding_beyond_the_end_of_the_text_marks_what_there_is():
    assert "<mark" in marked("ab", numbered([finding(1, 99)]))


def test_texts_are_read_in_the_order_of_the_form_with_their_labels():
    fields = {"steps": [{"title": "One"}], "url": "/boots", "headline": "Boots"}

    texts = list(texts_of(SCHEMA, fields))

    assert [(each.path, each.label, each.says) for each in texts] == [
        ("headline", "Headline", True),
        ("url", "Url", False),
        ("steps[0].title", "Steps 1 · Title", True),
    ]


def test_what_is_said_of_a_whole_field_stands_beside_it():
    texts = list(texts_of(SCHEMA, {"headline": "Boots"}))

    (shown,) = texts_shown(texts, numbered([finding(0, 0)]))

    assert shown.marked == "Boots"
    assert [each.finding.sentence for each in shown.whole] == ["Not this."]
