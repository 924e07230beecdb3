"""What every page of a website loads."""

import gzip

from personalization.api.embed import FOLDER


def test_the_script_is_at_most_4_kb_gzipped(client):
    served = client.get("/embed.js").content

    assert len(gzip.compress(served, 9)) <= 4096
    assert b"eval(" not in served and b"new Function" not in served


def test_a_browser_that_has_it_is_not_sent_it_again(client):
    tag = client.get("/embed.js")["ETag"]

    assert client.get("/embed.js", headers={"If-None-Match": tag}).status_code == 304


def test_what_is_served_is_the_file_that_can_be_read():
    assert (FOLDER / "embed.js").read_text(encoding="utf-8").startswith("// ")
