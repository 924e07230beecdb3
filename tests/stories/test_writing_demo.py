"""The demo's reviewer finds drafts that went the whole way: brief, order, worker, stand-in."""

import sqlite3
import threading

PATIENCE = 120  # seconds, of a machine with much else to do
DRAFTS = """
SELECT d.locale, o.model, o.prompt, r.findings
FROM personalization_draft d
JOIN personalization_order o ON o.id = d.order_id
JOIN personalization_brief b ON b.id = o.brief_id
JOIN personalization_revision r ON r.draft_id = d.id AND r.number = 1
WHERE o.round = 1 AND b.name IN ('Welcome back', 'Two tents', 'A line for members')
ORDER BY d.id
"""


def test_twelve_drafts_wait_for_the_reviewer_without_anybody_asking(demo):
    drafts = awaited(demo)

    assert len(drafts) == 12
    assert {locale for locale, *_rest in drafts} == {"en", "de"}
    assert {model for _locale, model, *_rest in drafts} == {"demonstration-writer"}
    assert all(prompt.startswith("shipped:") for _locale, _model, prompt, _findings in drafts)
    assert sum('"forbidden"' in findings for *_rest, findings in drafts) == 2


def awaited(demo) -> list[tuple[str, str, str, str]]:
    pause = threading.Event()
    for _ in range(PATIENCE * 5):
        with sqlite3.connect(demo.folder / "db.sqlite3", timeout=20) as database:
            drafts = database.execute(DRAFTS).fetchall()
        if len(drafts) >= 12:
            return drafts
        pause.wait(0.2)
    raise AssertionError(f"{len(drafts)} drafts")
