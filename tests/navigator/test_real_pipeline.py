"""The navigators' side on the real pipeline: a sample is uploaded, read, checked, read twice, and leaves as gold."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.adapters.database import Database
from app.adapters.files import open_files
from app.adapters.handling import SafeHandling
from app.adapters.sheet import write_sheet
from app.domain.account import NOBODY, Visitor
from app.domain.document import SourceFile
from app.domain.finding import Review
from app.pipeline import Tools
from app.services.access import Action, open_record
from app.services.analyse_files import analyse_files
from app.services.desk import Desk, PipelineReading
from app.services.evaluate_cases import evaluate
from app.services.keep_queue import Why
from app.services.receive_upload import receive_upload
from app.services.review_case import Item, decide, finish, open_bench
from app.services.review_export import export_gold
from app.services.review_queue import see_queue
from app.services.second_reading import answer, hand_in, open_second
from app.services.see_record import Phase, see
from app.services.work_job import work_job
from app.stages import views
from tests.conftest import SAMPLES
from tests.navigator.desk_kit import colleague
from tests.web_fakes import SilentQueue

pytestmark = pytest.mark.slow
PERSON = ("Castellano", "Maren", "SAMPLE-20417", "1967", "HML-25-04417", "Pryce", "Brightwater", "Quarry Lane")
"""What stands on the sample and tells whose it is."""


@dataclass
class Real:
    """The services over the real pipeline, with one sample uploaded and read."""

    desk: Desk
    queue: SilentQueue
    key: str
    record: str

    def work(self) -> None:
        """Do all background work."""
        while self.queue.rung:
            work_job(self.desk, self.queue.rung.pop(0))

    def told(self) -> dict[str, Any]:
        """Return the analysis as its person sees it."""
        status = see(self.desk, open_record(self.desk, NOBODY, self.key, Action.VIEW))
        assert status.phase is Phase.READY
        assert status.json
        return status.json


@pytest.fixture
def real(tools: Tools, tmp_path: Path) -> Iterator[Real]:
    """Upload and read a sample."""
    database = Database(f"sqlite:///{tmp_path}/caseguide.db")
    database.upgrade()
    queue = SilentQueue()
    files = open_files((tmp_path / "files").as_uri())
    desk = Desk(database.units, files, queue, PipelineReading(lambda: tools, write_sheet, SafeHandling()))
    receipt = receive_upload(desk, [SourceFile("lung-ngs.pdf", (SAMPLES / "lung-ngs.pdf").read_bytes())])
    made = Real(desk, queue, receipt.key, receipt.taken[0].record)
    made.work()
    yield made
    database.close()


def of(real: Real, who: Visitor, gene: str) -> Item:
    return next(i for i in open_bench(real.desk, who, real.record).items if i.values.get("gene") == gene)


def sentences(told: dict[str, Any]) -> str:
    return " ".join(s["text"] for part in told["guidance"]["sections"] for s in part["sentences"])


def test_a_rejection_takes_the_finding_and_its_guidance_away_and_says_so(real: Real) -> None:
    nia, before = colleague(real.desk), real.told()
    steering = next(f for f in before["profile"]["findings"] if any(f["id"] in m["about"] for m in before["matches"]))
    assert steering["result"] == "detected"
    item = of(real, nia, steering["gene"])
    decide(real.desk, nia, real.record, item.key, Review.REJECTED, version=0, why="another person's report")
    # Until the record is explained anew, the old result is not shown as if it still stood.
    waiting = see(real.desk, open_record(real.desk, NOBODY, real.key, Action.VIEW))
    assert (waiting.phase, waiting.json) == (Phase.EXPLAINING, None)
    real.work()
    after = real.told()
    left = [f for f in after["profile"]["findings"] if f.get("gene") == steering["gene"] and f["result"] == "detected"]
    assert left == []
    status = see(real.desk, open_record(real.desk, NOBODY, real.key, Action.VIEW))
    assert any(steering["gene"] in change for change in status.changes)
    assert len(after["matches"]) < len(before["matches"])
    with real.desk.units(reading=True) as unit:
        machine = unit.documents.facts(unit.documents.of_record(real.record)[0].id)
    assert machine
    decide(real.desk, nia, real.record, item.key, Review.MACHINE, version=1)
    real.work()
    assert sentences(real.told()) == sentences(before)


def test_a_case_is_checked_read_twice_and_evaluated_as_gold(real: Real, tools: Tools, tmp_path: Path) -> None:
    nia, bo = colleague(real.desk), colleague(real.desk, "bo")
    with real.desk.units() as unit:
        house = unit.organisations.get("this-site")
        assert house
        unit.organisations.save(replace(house, second_reading=True))
        unit.commit()
    assert Why.NEW in {w for w, _ in see_queue(real.desk, nia).rows[0].why}
    for item in open_bench(real.desk, nia, real.record).items:
        decide(real.desk, nia, real.record, item.key, Review.CONFIRMED, version=0)
    real.work()
    finish(real.desk, nia, real.record)
    tasks = open_second(real.desk, bo, real.record).tasks
    everything = len(open_bench(real.desk, nia, real.record).items)
    assert 0 < len(tasks) < everything
    for task in tasks:
        assert task.quote
        assert task.box
        answer(real.desk, bo, real.record, task.key, Review.CONFIRMED)
    assert hand_in(real.desk, bo, real.record) == 0
    assert see_queue(real.desk, bo).waiting == 0
    name, content = export_gold(real.desk, nia, real.record)
    folder = tmp_path / "gold"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    text = "\n".join(f.read_text() for f in (folder / name).glob("*.txt"))
    assert [word for word in PERSON if word.lower() in text.lower()] == []

    def analyse(paths: list[Path]) -> dict[str, Any]:
        found = analyse_files(paths, tools).analysis
        assert found
        parts = (found.documents, found.profile, found.matches, found.guidance)
        versions = {"pipeline_version": found.pipeline_version, "knowledge_version": found.knowledge_version}
        return views.analysis(*parts, **versions)

    scores = evaluate(folder, analyse)
    assert scores.cases == 1
    assert scores.failed == []
    assert scores.wrong_positives == []
    assert scores.forbidden == []
    assert scores.total("native").right > everything / 2
