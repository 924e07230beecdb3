"""`import_items` and `import_events`: messy files by stated rules; again, nothing changes."""

import csv
import gzip
import json
import tracemalloc
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from personalization import conf
from personalization.catalog.models import Item
from personalization.clock import now
from personalization.collect.models import Event
from personalization.govern.models import AuditEntry, ConsentRecord
from personalization.govern.sites import make_site
from personalization.profiles.models import Profile
from personalization.profiles.reading import read_visitor
from workers.imports.event_rows import KNOWN as EVENT_FIELDS
from workers.imports.event_rows import as_event
from workers.imports.item_rows import KNOWN as ITEM_FIELDS
from workers.imports.rows import BATCH, NoRow

SALES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,85123A,LAMP,6,2010-12-01 08:26:00,2.55,17850.0,UK
1,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,UK
C2,85123A,LAMP,-6,2010-12-02 08:26:00,2.55,17850.0,UK
3,71053,LANTERN,2,2010-12-03 08:26:00,3.39,,UK
4,71053,damaged?,5,2010-12-03 08:26:00,0.0,13047.0,UK
5,71053,LANTERN,2,2010-12-03 09:00:00,3.39,13047.0,UK
5,71053,WHITE LANTERN,2,2010-12-04 09:00:00,3.49,13047.0,UK
5,71053,LANTERN,1,2010-12-05 09:00:00,3.39,13047.0,UK
"""
ITEM_COLUMNS = ["StockCode=item", "Description=title", "UnitPrice=price"]
EVENT_COLUMNS = [
    *("CustomerID=visitor", "StockCode=item", "InvoiceDate=at"),
    *("Quantity=quantity", "UnitPrice=price"),
]
GOODS = ["item=[0-9][0-9][0-9][0-9][0-9]*"]
EVERYTHING = "analytics,personalization,training,profiling_ai"


@pytest.fixture
def write(tmp_path):
    def make(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def run(command, path, **options):
    out = StringIO()
    call_command(command, path, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def import_sales(path, consent=EVERYTHING):
    return run(
        "import_events",
        path,
        map=EVENT_COLUMNS,
        set=["currency=GBP", "type=purchase"],
        only=GOODS,
        consent=consent,
        policy="2010",
    )


def rejects(path):
    file = conf.data_dir() / "rejects" / f"{path.name}.rejects.csv"
    with file.open(encoding="utf-8") as lines:
        return {int(row["line"]): row["code"] for row in csv.DictReader(lines)}


def test_items_come_from_sales_with_their_usual_title_and_last_price(site, write):
    run("import_items", write("sales.csv", SALES), map=ITEM_COLUMNS, only=GOODS)

    found = {item.key: (item.title, item.price) for item in Item.objects.all()}
    assert found == {"85123A": ("LAMP", 255), "71053": ("LANTERN", 339)}


def test_importing_items_again_changes_nothing(site, write):
    path = write("sales.csv", SALES)
    run("import_items", path, map=ITEM_COLUMNS, only=GOODS)
    before = (list(Item.objects.values()), AuditEntry.objects.count())

    assert "0 new, 0 changed, 2 as they were" in run(
        "import_items", path, map=ITEM_COLUMNS, only=GOODS
    )
    assert (list(Item.objects.values()), AuditEntry.objects.count()) == before


def test_sales_become_purchases_and_everything_else_a_reject_with_its_line(site, write):
    path = write("sales.csv", SALES)
    import_sales(path)

    assert Event.objects.count() == 4
    assert rejects(path) == {3: "not_wanted", 4: "returned", 5: "no_visitor", 6: "no_price"}
    lamp = Event.objects.get(item="85123A")
    assert (lamp.type, lamp.value, lamp.currency) == ("purchase", 1530, "GBP")


def test_an_id_that_went_through_a_spreadsheet_is_whole_again(site, write):
    import_sales(write("sales.csv", SALES))

    assert [signal.item for signal in read_visitor(site, "17850", now=now()).signals] == ["85123A"]


def test_importing_events_again_changes_nothing(site, write):
    path = write("sales.csv", SALES)
    import_sales(path)
    before = (Event.objects.count(), ConsentRecord.objects.count(), Profile.objects.count())

    said = import_sales(path)

    assert "0 events stored, 4 were there already" in said
    assert "recorded for 0 visitors" in said
    after = (Event.objects.count(), ConsentRecord.objects.count(), Profile.objects.count())
    assert after == before == (4, 2, 2)


def test_without_consent_nothing_is_stored_and_the_exit_code_is_3(site, write):
    with pytest.raises(CommandError, match="4 events were withheld") as refusal:
        import_sales(write("sales.csv", SALES), consent=None)

    assert refusal.value.returncode == 3
    assert not Event.objects.exists()
    assert not Profile.objects.exists()


def test_consent_of_the_file_does_not_overrule_the_visitors_own(site, visitor, write):
    visitor("17850", "analytics")
    import_sales(write("sales.csv", SALES))

    assert read_visitor(site, "17850", now=now()).purposes == {"analytics"}


def test_the_rejects_file_names_no_visitor(site, write):
    path = write("sales.csv", SALES)
    import_sales(path)

    file = conf.data_dir() / "rejects" / "sales.csv.rejects.csv"
    assert "17850" not in file.read_text(encoding="utf-8")


def test_csv_gzip_json_lines_and_their_names_give_the_same_events(site, write):
    row = {"id": "e1", "type": "view", "visitor": "v1", "at": "2026-01-01T00:00:00Z", "item": "a"}
    text = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    files = [
        write("a.csv", text),
        write("a.csv.gz", gzip.compress(b"\xef\xbb\xbf" + text.encode())),
        write("a.jsonl", json.dumps(row) + "\n"),
        write("a.jsonl.gz", gzip.compress((json.dumps(row) + "\n").encode())),
    ]

    said = [run("import_events", path, consent="analytics") for path in files]

    assert "1 events stored" in said[0]
    assert all("1 were there already" in one for one in said[1:])
    assert Event.objects.count() == 1


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_values_may_be_separated_as_spreadsheets_do(site, write, separator):
    rows = [["visitor", "item", "at"], ["v", f"a{separator}b", "2026-01-01"]]
    text = "\n".join(separator.join(f'"{value}"' for value in row) for row in rows)

    run("import_events", write("a.csv", text), consent="analytics")

    assert Event.objects.get().item == f"a{separator}b"


def test_another_encoding_is_read_when_it_is_named(site, write):
    path = write("a.csv", "item,title\na,Füße\n".encode("cp1252"))
    with pytest.raises(CommandError, match="--encoding"):
        run("import_items", path)

    run("import_items", path, encoding="cp1252")

    assert Item.objects.get().title == "Füße"


@pytest.mark.parametrize("at", ["1767225600", "1767225600.0", "1767225600000", "2026-01-01"])
def test_times_may_be_counted_from_1970(site, write, at):
    run("import_events", write("a.csv", f"visitor,item,at\nv,a,{at}\n"), consent="analytics")

    assert Event.objects.get().at == 1_767_225_600_000_000


def test_a_misspelt_column_is_refused_with_those_that_are_there(site, write):
    with pytest.raises(CommandError, match=r"no column “Stock”\. It has: InvoiceNo, StockCode"):
        run("import_items", write("sales.csv", SALES), map=["Stock=item"])


def test_parquet_gives_the_same_events(site, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    columns = {"visitor": [17850.0], "item": ["a"], "at": [now()], "price": [2.5]}
    parquet.write_table(arrow.table(columns), tmp_path / "a.parquet")

    run("import_events", tmp_path / "a.parquet", consent="analytics")

    assert Event.objects.get().value == 250


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"visitor,item\n\xff\xfe,1\n", "save it as UTF-8"),
        (b"visitor\n" + b'"' + b"x" * 200_000 + b'"', "line .* is not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(site, write, content, sentence):
    with pytest.raises(CommandError, match=sentence):
        run("import_events", write("bad.csv", content), consent="analytics")


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("map", ["CustomerID"], "left=right"),
        ("map", ["CustomerID=customer"], "no column “customer”"),
        ("set", ["colour=red"], "no column “colour”"),
        ("only", ["colour=red"], "no column “colour”"),
        ("consent", "everything", "no purpose"),
    ],
)
def test_options_that_mean_nothing_are_refused(site, write, option, value, sentence):
    with pytest.raises(CommandError, match=sentence):
        run("import_events", write("sales.csv", SALES), **{option: value})


def test_lines_that_are_no_rows_are_rejects_and_the_rest_is_taken(site, write):
    good = '{"visitor": "v", "at": "2026-01-01", "item": "a"}'
    path = write("a.jsonl", f'{good}\nnot json\n[1]\n\n{{"visitor": "v", "at": "soon"}}\n')

    assert "1 events stored" in run("import_events", path, consent="analytics")
    assert rejects(path) == {2: "json", 3: "json", 5: "at"}


def test_a_file_longer_than_a_batch_is_taken_whole(site, write, monkeypatch):
    rows = [f"v{n % 7},i{n},2026-01-01T00:00:00Z" for n in range(2500)]
    path = write("many.csv", "visitor,item,at\n" + "\n".join(rows) + "\n")

    assert "2500 events stored" in run("import_events", path, consent="training")
    assert Event.objects.filter(type="view").count() == 2500


VALUES = st.none() | st.text(max_size=20) | st.integers() | st.floats() | st.booleans()


@given(st.dictionaries(st.sampled_from(["visitor", "item", "at", "price", "quantity"]), VALUES))
def test_no_row_is_a_crash_and_the_same_row_has_the_same_id(row):
    present = {name: value for name, value in row.items() if value not in (None, "")}

    first, second = as_event(dict(present)), as_event(dict(present))

    assert isinstance(first, NoRow) or str(first["id"]) == str(second["id"])


@pytest.mark.parametrize("name", sorted(EVENT_FIELDS | ITEM_FIELDS))
def test_the_operators_page_names_every_column(name):
    page = (Path(__file__).parents[2] / "docs" / "operator.md").read_text(encoding="utf-8")

    assert name in page.split("Bringing data in")[1].split("When something breaks")[0]


@pytest.mark.parametrize(("currency", "spent"), [("GBP", 1530), ("EUR", 0)])
def test_what_visitors_spent_is_counted_in_the_sites_currency(db, write, currency, spent):
    make_site(name="Gifts", origins=[], by="test", currency=currency)

    said = import_sales(write("sales.csv", SALES))

    assert ("4 events are in another currency" in said) == (spent == 0)
    assert Profile.objects.get(events__item="85123A").monetary == spent


def test_memory_does_not_grow_with_the_file(site, write):
    def peak(lines: int) -> int:
        rows = (f"v{n % 50},item-{n},2026-01-01T00:00:00Z,{n % 9 - 1}" for n in range(lines))
        path = write(f"{lines}.csv", "visitor,item,at,quantity\n" + "\n".join(rows) + "\n")
        tracemalloc.start()
        with pytest.raises(CommandError, match="withheld"):
            run("import_events", path)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(2 * BATCH)  # whatever is loaded once
    assert peak(8 * BATCH) < 1.2 * peak(2 * BATCH)
