"""The command line, `caseguide`.

Exit codes: 0 done, 1 a bug, 2 wrong usage, 3 an input was refused, 4 a dependency is missing or down.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TextIO

import typer

from app.errors import AppError, DependencyError, InputError, UsageError

if TYPE_CHECKING:
    from app.pipeline import Analysis
    from app.web.app import WebSettings

app = typer.Typer(
    help="Reads cancer reports, shows where each finding stands, and explains it in plain words with sources.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
knowledge_app = typer.Typer(help="The base of cited facts.", no_args_is_help=True)
db_app = typer.Typer(help="The database.", no_args_is_help=True)
user_app = typer.Typer(help="Accounts.", no_args_is_help=True)
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(db_app, name="db")
app.add_typer(user_app, name="user")
organisation_app = typer.Typer(help="Care teams: who checks whose reports.", no_args_is_help=True)
app.add_typer(organisation_app, name="organisation")

REFUSED, MISSING, USAGE = 3, 4, 2
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
AsLines = Annotated[bool, typer.Option("--jsonl", help="Read and print one JSON object a line.")]
Language = Annotated[str, typer.Option("--language", help="Language of the guidance: en or es.")]


def main() -> None:
    """Run the command line; every expected failure is one line on stderr."""
    try:
        app()
    except AppError as error:
        _stop(error)


def _stop(error: AppError) -> NoReturn:
    print(f"caseguide: {error}", file=sys.stderr)
    codes: list[tuple[type[AppError], int]] = [(InputError, REFUSED), (DependencyError, MISSING), (UsageError, USAGE)]
    sys.exit(next((code for family, code in codes if isinstance(error, family)), 1))


def _json(found: Analysis) -> dict[str, Any]:
    from app.stages import views

    return views.analysis(
        found.documents,
        found.profile,
        found.matches,
        found.guidance,
        pipeline_version=found.pipeline_version,
        knowledge_version=found.knowledge_version,
    )


def _out(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


@app.command()
def analyze(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of ONE person's record.")],
    as_json: AsJson = False,
    pdf: Annotated[Path | None, typer.Option(help="Write the sheet for the visit to this file.")] = None,
    large_print: Annotated[bool, typer.Option(help="Write the sheet in large print.")] = False,
    fhir: Annotated[Path | None, typer.Option(help="Write a FHIR R4 bundle to this file.")] = None,
    password_stdin: Annotated[bool, typer.Option(help="Read the password of locked PDFs from stdin.")] = False,
    language: Language = "en",
) -> None:
    """Read reports as one person's record; print the profile and the guidance."""
    from app import bootstrap
    from app.services.analyse_files import analyse_files
    from app.stages import views

    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    files = list(_files(paths))
    with _Bar() as on_page:
        done = analyse_files(files, bootstrap.tools(), password=password, on_page=on_page, language=language)
    for refusal in done.refusals:
        print(f"caseguide: {refusal}", file=sys.stderr)
    if not done.analysis:
        sys.exit(REFUSED)
    found = done.analysis
    if as_json:
        _out(_json(found))
    else:
        print(views.analysis_text(found.documents, found.profile, found.guidance))
    if fhir:
        fhir.write_text(json.dumps(views.bundle(found.documents, found.profile), ensure_ascii=False, indent=1))
    if pdf:
        from app.adapters.sheet import write_sheet

        pdf.write_bytes(write_sheet(found, done.sources, large=large_print))
    sys.exit(REFUSED if done.refusals else 0)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        elif path.exists():
            yield path
        else:
            raise UsageError(f"There is no file {path}. Check the name and try again.")


class _Bar:
    """A bar on stderr that moves by page; silent where stderr is no terminal."""

    def __enter__(self) -> Callable[[str, int, int], None]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("pages"),
            console=console, transient=True, disable=not console.is_terminal,
        )  # fmt: skip
        self._tasks: dict[str, Any] = {}
        self._bar.start()
        return self._move

    def _move(self, name: str, page: int, pages: int) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._bar.add_task(name, total=pages)
        self._bar.update(self._tasks[name], completed=page, total=pages)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _lines(file: Path | None) -> Iterator[dict[str, Any]]:
    if file is not None and not file.exists():
        raise UsageError(f"There is no file {file}. Check the name and try again.")
    stream: TextIO = file.open(encoding="utf-8") if file else sys.stdin
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise UsageError(f"Line {number} is not JSON. Each line holds one JSON object.") from None
        if not isinstance(row, dict):
            raise UsageError(f"Line {number} is not a JSON object.")
        yield row


def _field(row: dict[str, Any], name: str) -> Any:
    if name not in row:
        raise UsageError(f'A line has no "{name}".')
    return row[name]


@app.command()
def extract(
    file: Annotated[Path | None, typer.Argument(help="Lines to read; stdin when left out.")] = None,
    jsonl: AsLines = False,
) -> None:
    """Run the extraction core on plain text: lines {"id","text"} → {"id","findings":[…]}."""
    from app import bootstrap, pipeline
    from app.stages import views

    if not jsonl:
        raise UsageError("extract reads and prints JSON lines: call it with --jsonl.")
    lexicon = bootstrap.lexicon()
    for row in _lines(file):
        report, found = pipeline.extract(str(_field(row, "text")), lexicon)
        _out({"id": row.get("id"), "findings": [views.mention(m, report) for m in found]})


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, or with --jsonl the file.")] = None,
    as_json: AsJson = False,
    jsonl: AsLines = False,
    language: Language = "en",
) -> None:
    """Answer a public question."""
    from app import bootstrap, pipeline
    from app.stages import views

    tools = bootstrap.tools()

    def answered(text: str) -> dict[str, Any]:
        given = pipeline.ask(text, tools, language=language)
        return views.answer(given, views.answer_text(given))

    if jsonl:
        for row in _lines(Path(question) if question else None):
            told = answered(str(_field(row, "question")))
            kept = {k: told[k] for k in ("text", "intent", "markers", "cancer", "rung", "sources")}
            _out({"id": row.get("id"), **kept})
    elif not question:
        raise UsageError('Ask something: caseguide ask "What does a ROS1 fusion mean in lung cancer?"')
    elif as_json:
        _out(answered(question))
    else:
        print(answered(question)["text"])


@app.command()
def guide(
    file: Annotated[Path | None, typer.Argument(help="A profile as JSON, or with --jsonl lines of them.")] = None,
    as_json: AsJson = False,
    jsonl: AsLines = False,
    language: Language = "en",
) -> None:
    """Explain a profile that is given as JSON; no documents are needed."""
    from app import bootstrap, pipeline
    from app.adapters.profile_json import read_profile
    from app.stages import views

    tools = bootstrap.tools()

    def explained(profile: object) -> Analysis:
        return pipeline.explain_profile(read_profile(profile), tools, language=language)

    if jsonl:
        for row in _lines(file):
            found = explained(_field(row, "profile"))
            told = _json(found)
            _out(
                {
                    "id": row.get("id"),
                    "text": views.guidance_text(found.guidance),
                    "rungs": [
                        {k: m[k] for k in ("about", "rung", "jurisdiction", "statements")} for m in told["matches"]
                    ],
                    "sources": told["guidance"]["sources"],
                }
            )
        return
    try:
        given = json.loads(file.read_text(encoding="utf-8") if file else sys.stdin.read())
    except (ValueError, OSError):
        raise UsageError(f"{file or 'stdin'} holds no JSON object that can be read.") from None
    found = explained(given.get("profile", given) if isinstance(given, dict) else given)
    if as_json:
        _out(_json(found))
    else:
        print(views.guidance_text(found.guidance))


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="A folder of gold cases.")],
    as_json: AsJson = False,
) -> None:
    """Score the pipeline on a folder of gold cases: precision, recall, F1 by type; native, scan, photo apart."""
    from app import bootstrap
    from app.services.analyse_files import analyse_files
    from app.services.evaluate_cases import evaluate as score

    def analyse(paths: list[Path]) -> dict[str, Any]:
        done = analyse_files(paths, bootstrap.tools())
        return _json(done.analysis) if done.analysis else {}

    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}. Check the name and try again.")
    scores = score(folder, analyse)
    print(json.dumps(scores.json()) if as_json else scores.text())


@knowledge_app.command("check")
def knowledge_check() -> None:
    """Validate every data file of the knowledge base; exit 1 where something is wrong."""
    from app.adapters.knowledge import KnowledgeFiles
    from app.adapters.terms import load_vocabulary
    from app.services import knowledge

    faults = knowledge.check(KnowledgeFiles(), load_vocabulary())
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else "The knowledge base is in order.")
    sys.exit(1 if faults else 0)


@knowledge_app.command("show")
def knowledge_show(
    marker: Annotated[str, typer.Argument(help="A gene or marker, such as ROS1.")],
    cancer: Annotated[str, typer.Option(help="An OncoTree code or a name, such as AML.")] = "",
) -> None:
    """Print what is known of a marker, with sources."""
    from app.adapters.knowledge import KnowledgeFiles
    from app.adapters.terms import load_vocabulary
    from app.services import knowledge

    print(knowledge.show(KnowledgeFiles(), load_vocabulary(), marker, cancer))


@knowledge_app.command("stats")
def knowledge_stats() -> None:
    """Print how many facts of each kind there are, by trust."""
    from app.adapters.knowledge import KnowledgeFiles
    from app.services import knowledge

    print(knowledge.stats(KnowledgeFiles()))


@knowledge_app.command("diff")
def knowledge_diff(before: Path, after: Path) -> None:
    """Print what changed between two compiled versions."""
    from app.adapters.knowledge import KnowledgeFiles
    from app.services import knowledge

    print(knowledge.diff(KnowledgeFiles(), before, after))


@knowledge_app.command("build")
def knowledge_build() -> None:
    """Compile the base from its source files and print its version."""
    from app.adapters.knowledge import KnowledgeFiles
    from app.services import knowledge

    print(knowledge.build(KnowledgeFiles()))


@knowledge_app.command("import")
def knowledge_import(
    tables: Annotated[Path, typer.Argument(help="Folder that holds statements.tsv and typicality.tsv.")],
) -> None:
    """Derive the machine rows anew from public source tables; prints how many rows were left out, and why."""
    from app.adapters.knowledge_import import derive

    for reason, rows in derive(tables).most_common():
        print(f"{rows:>6}  {reason}")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; the next free one is taken where it is in use.")] = 8000,
) -> None:
    """Run the whole product on this machine: web, worker, broker and database under one data folder."""
    from app import bootstrap
    from app.web.app import create_app
    from app.web.serve import serve as run

    bootstrap.database().upgrade()
    known = bootstrap.settings()
    run(
        lambda broker_url: create_app(bootstrap.desk(broker_url), settings=_web_settings()),
        folder=bootstrap.data_folder(),
        host=host,
        port=port,
        worker_command=[sys.executable, "-m", "app.cli", "worker", "--with-parent"],
        environment={"CASEGUIDE_DATA": str(known.data)},
    )


@app.command()
def web(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port.")] = 8000,
) -> None:
    """Run the web application alone, for a cluster."""
    from app import bootstrap
    from app.web.app import create_app
    from app.web.serve import run_web

    run_web(create_app(bootstrap.desk(), settings=_web_settings()), host, port)


@app.command()
def worker(
    with_parent: Annotated[bool, typer.Option(hidden=True, help="Stop when the starting process is gone.")] = False,
) -> None:
    """Run a worker alone, for a cluster."""
    from app import bootstrap
    from workers.worker import run_worker

    known = bootstrap.settings()
    if not known.broker_url:
        raise UsageError("A worker needs CASEGUIDE_BROKER_URL: the Redis-protocol address that the web side uses too.")
    run_worker(
        bootstrap.desk, broker_url=known.broker_url, concurrency=known.worker_concurrency, with_parent=with_parent
    )


def _web_settings() -> WebSettings:
    from app import bootstrap
    from app.web.app import WebSettings

    known = bootstrap.settings()
    return WebSettings(secure_cookies=known.secure_cookies, public_url=known.public_url)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest form."""
    from app import bootstrap

    bootstrap.database().upgrade()
    print("The database is up to date.")


@user_app.command("add")
def user_add(
    email: str,
    role: Annotated[str, typer.Option(help="patient, caregiver, navigator, lead or admin.")] = "patient",
    organisation: Annotated[str, typer.Option(help="For which care team a navigator or lead works, too.")] = "",
) -> None:
    """Add an account; the password is read from stdin or asked for."""
    import getpass

    from app import bootstrap
    from app.services.accounts import add_account
    from app.services.organisations import as_operator, join_by_name

    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    desk = bootstrap.desk()
    add_account(desk, email, password, role)
    if organisation:
        join_by_name(desk, as_operator(desk), email, organisation)
    print(f"Added {email} as {role}.")


@organisation_app.command("add")
def organisation_add(name: str) -> None:
    """Add a care team and print the code that people type to let it check their reports."""
    from app import bootstrap
    from app.services.organisations import add_organisation, as_operator

    desk = bootstrap.desk()
    made = add_organisation(desk, as_operator(desk), name)
    print(f"Added {made.name}. Code {made.code}, address {bootstrap.settings().public_url}/with/{made.code}")


@organisation_app.command("join")
def organisation_join(email: str, name: str) -> None:
    """Let a navigator or lead work for a care team."""
    from app import bootstrap
    from app.services.organisations import as_operator, join_by_name

    desk = bootstrap.desk()
    join_by_name(desk, as_operator(desk), email, name)
    print(f"{email} works for {name}.")


@organisation_app.command("list")
def organisation_list() -> None:
    """Print the care teams with their codes and who works for them."""
    from app import bootstrap
    from app.services.organisations import as_operator, see_office

    desk = bootstrap.desk()
    for team in see_office(desk, as_operator(desk)).teams:
        o = team.organisation
        marks = [w for w, holds in (("takes every record", o.takes_all), ("closed", o.closed)) if holds]
        print(f"{o.name}  {o.code}  {', '.join(marks)}".rstrip())
        for account in team.members:
            print(f"  {account.email}  {account.role}")


if __name__ == "__main__":
    main()
