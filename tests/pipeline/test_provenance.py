"""Every fact points at a box on a page, and what stands in the box is what is quoted."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app.stages import pages

NATIVE = ["lung-ngs.pdf", "aml-workup.pdf", "breast-synoptic.pdf"]
SCANNED = ["lung-ngs-scan.pdf", "aml-workup-scan.pdf", "breast-synoptic-scan.pdf", "breast-synoptic-photo.jpg"]


def facts(profile):
    for kind in (profile.diagnoses, profile.stages, profile.findings, profile.treatments, profile.family_history):
        yield from kind


@pytest.mark.parametrize("name", NATIVE + SCANNED)
def test_the_text_in_the_box_is_the_text_quoted(analysed, name):
    found = analysed(name).analysis
    assert found.profile.findings
    for fact in facts(found.profile):
        assert fact.evidence, fact
        for place in fact.evidence:
            page = found.documents[place.document].pages[place.page - 1]
            inside = [w for line in page.lines for w in line.words if place.box.holds(w.box)]
            inside.sort(key=lambda w: w.box.x0)
            assert " ".join(w.text for w in inside) == place.text, (fact, place)


@pytest.mark.parametrize("name", NATIVE + SCANNED)
def test_every_box_lies_on_its_page_and_the_picture_fits_the_page(analysed, name):
    done = analysed(name)
    for source, document in zip(done.sources, done.analysis.documents, strict=True):
        for page in document.pages:
            for word in page.words:
                assert -1 <= word.box.x0 <= word.box.x1 <= page.width + 1
                assert -1 <= word.box.y0 <= word.box.y1 <= page.height + 1
            picture = Image.open(io.BytesIO(pages.picture(source, page, dpi=72)))
            assert picture.width / picture.height == pytest.approx(page.width / page.height, rel=0.02)


def test_the_same_file_gives_the_same_analysis(tools):
    from app.services.analyse_files import analyse_files
    from app.stages import views
    from tests.conftest import SAMPLES

    def once():
        found = analyse_files([SAMPLES / "breast-synoptic.pdf"], tools).analysis
        return views.analysis(
            found.documents, found.profile, found.matches, found.guidance, pipeline_version="", knowledge_version=""
        )

    assert once() == once()
