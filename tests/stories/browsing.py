"""What stories do in a browser, whoever tells them."""

from tests.stories.demo_process import ROOT

ARTEFACTS = ROOT / "test-artefacts"


def keep(page, name: str) -> None:
    """A picture of the whole page, to look at after the run."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)
