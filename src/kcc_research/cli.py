"""``kcc``: parses the call, calls the pipeline, prints; nothing else.

Exit codes: 0 done; 1 some measurement failed, the others went on; 2 the call itself is
wrong; 75 locked by another run. What only one command needs is imported there, so that
``kcc --help`` and ``kcc status`` answer at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kcc_research.errors import Problem, UserError

if TYPE_CHECKING:
    from kcc_research.pipeline.executor import Executor
    from kcc_research.pipeline.options import Options
    from kcc_research.pipeline.outcome import Outcome
    from kcc_research.pipeline.progress import Progress
    from kcc_research.pipeline.rerun import Proof
    from kcc_research.pipeline.store import Store

EXIT_CODES = {
    0: "done",
    1: "some measurement failed or is not in order; the others went on",
    2: "the call itself is wrong",
    75: "locked by another run",
}
"""What a script may build on; the reference prints it and a test holds it."""

app = typer.Typer(
    name="kcc",
    help="Reproducible research on the quality of municipal customer service.",
    epilog="Exit codes: "
    + "; ".join(f"{code} {words}" for code, words in EXIT_CODES.items())
    + ".",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Keys = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="KEY", help="Measurements, as <owner>/<slug>; none named: all."
    ),
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="<owner>/<slug>.")]


vng = typer.Typer(help="Burgerpeiling: protocol and delivery.", no_args_is_help=True)
app.add_typer(vng, name="vng")

Json = Annotated[
    bool, typer.Option("--json", help="Print one document of JSON, for scripts.")
]


@app.callback()
def main() -> None:
    """Reproducible research on the quality of municipal customer service."""
    # Here nothing is drawn, but a wrong value would stop the import of matplotlib.
    os.environ.pop("MPLBACKEND", None)


@app.command(epilog="Example: kcc check KEY")
def check(keys: Keys = None, *, as_json: Json = False) -> None:
    """Read and check only: every problem of every file."""
    from kcc_research.pipeline import check as checking

    found = []
    with _refusals():
        store = _store()
        for key in _known(store, keys):
            problems = checking.check(store.workspace, key)
            found.append((key, _counted(problems), problems))
            if not as_json:
                _show(problems)
                typer.echo(f"{key}  {_counted(problems)}")
            if problems:
                _keep_check_report(store, key, problems, told=not as_json)
    if as_json:
        _as_json(found)
    errors = (each.severity == "error" for _, _, each_of in found for each in each_of)
    raise typer.Exit(1 if any(errors) else 0)


@app.command(epilog="Example: kcc run --all --jobs 2")
def run(
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY", help="Measurements, as <owner>/<slug>."),
    ] = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Every measurement of the workspace.")
    ] = False,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only those whose last run failed.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Do every step, also what is up to date.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and why.")
    ] = False,
    draft: Annotated[
        bool,
        typer.Option(
            "--draft", help="Render the report marked CONCEPT; publish nothing."
        ),
    ] = False,
    reopen: Annotated[
        bool, typer.Option("--reopen", help="Also what was released, and is frozen.")
    ] = False,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="A parameter of the notebooks."
        ),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(
            metavar="N", help="Measurements at a time; 0: by cores and memory.", min=0
        ),
    ] = 0,
    kernels: Annotated[
        Literal["auto", "ordinary"],
        typer.Option(help="auto: forked from one server where that can be."),
    ] = "auto",
    cell_timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="Seconds one cell may take.", min=1)
    ] = 600,
    total_timeout: Annotated[
        float,
        typer.Option(metavar="SECONDS", help="Seconds one notebook may take.", min=1),
    ] = 3600,
    memory: Annotated[
        int,
        typer.Option(
            metavar="MB", help="MB one kernel may have; 0: by memory and jobs.", min=0
        ),
    ] = 0,
    where: Annotated[
        Literal["local", "dask"],
        typer.Option("--executor", help="Here, or on workers of dask.distributed."),
    ] = "local",
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Of dask: tcp:// or tls://host:port.")
    ] = "",
) -> None:
    """Bring outputs up to date; what has not changed is left alone."""
    from kcc_research.pipeline.options import Options
    from kcc_research.pipeline.outcome import exit_code

    options = Options(
        force=force,
        dry_run=dry_run,
        draft=draft,
        reopen=reopen,
        kernels=kernels,
        settings=tuple(settings or ()),
        cell_seconds=cell_timeout,
        total_seconds=total_timeout,
        memory=memory * 1_000_000,
    )
    with _refusals():
        store = _store()
        chosen = _chosen(store, keys, every=every, failed=failed)
        _require_scheduler(where, scheduler)
        outcomes = _unchanged(store, chosen, options) if where == "local" else None
        if outcomes is None:
            outcomes = _run(store, chosen, options, where, scheduler, jobs)
        _tell(store, chosen, outcomes, dry_run=dry_run)
    raise typer.Exit(exit_code(outcomes))


def _require_scheduler(where: str, scheduler: str) -> None:
    from kcc_research.errors import CallError, problem

    if (where == "dask") != bool(scheduler):
        raise CallError(problem("KCC-R053w"))


def _unchanged(
    store: Store, chosen: tuple[str, ...], options: Options
) -> list[Outcome] | None:
    """The outcomes of a run with nothing to do, told; None when there may be work."""
    from kcc_research.pipeline.progress import PlainLines
    from kcc_research.pipeline.standstill import nothing_to_do

    outcomes = nothing_to_do(store, chosen, options)
    if outcomes is not None and not sys.stderr.isatty():
        for each in outcomes:
            PlainLines(sys.stderr).finished(each)
    return outcomes


def _run(
    store: Store,
    chosen: tuple[str, ...],
    options: Options,
    where: str,
    scheduler: str,
    jobs: int,
) -> list[Outcome]:
    from kcc_research.pipeline.executor import default_jobs, default_memory
    from kcc_research.pipeline.run import Runner

    jobs = jobs or default_jobs()
    if where == "local" and not options.memory:
        options = replace(options, memory=default_memory(jobs))
    executor = _executor(store, options, chosen, where, scheduler, jobs)
    progress = _progress(store, dry_run=options.dry_run)
    return Runner(store, options, progress, executor).run(chosen)


def _executor(
    store: Store,
    options: Options,
    chosen: tuple[str, ...],
    where: str,
    scheduler: str,
    jobs: int,
) -> Executor:
    from kcc_research.pipeline.executor import executor_for

    if where == "local" or options.dry_run:
        return executor_for(jobs)
    from kcc_research.pipeline.cluster import Cluster

    return Cluster(store, options, chosen, scheduler)


def _progress(store: Store, *, dry_run: bool) -> Progress:
    from kcc_research.pipeline.progress import Log, Together, progress_for
    from kcc_research.pipeline.store import new_run_id

    shown = progress_for(sys.stderr)
    return shown if dry_run else Together(shown, Log(store, new_run_id()))


@app.command(epilog="Example: kcc status --json")
def status(
    keys: Keys = None,
    *,
    as_json: Json = False,
) -> None:
    """Tell per measurement whether it is up to date, stale or failed, and why."""
    from kcc_research.pipeline import pages
    from kcc_research.pipeline.status import statuses
    from kcc_research.pipeline.unchanged import Memory

    with _refusals():
        store = _store()
        memory = Memory(store.workspace)
        found = list(statuses(store, _known(store, keys), memory))
        if not keys:
            pages.renew(store, memory, found)
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False))
    else:
        for each in found:
            typer.echo(str(each))


@app.command(epilog="Example: kcc verify KEY --rerun")
def verify(
    keys: Keys = None,
    *,
    again: Annotated[
        bool, typer.Option("--rerun", help="Prove that it reproduces, byte for byte.")
    ] = False,
    jobs: Annotated[
        int,
        typer.Option(
            metavar="N", help="Reports at a time; 0: by cores and memory.", min=0
        ),
    ] = 0,
    as_json: Json = False,
) -> None:
    """Recompute every hash of a published report."""
    from kcc_research.pipeline import verify as verifying
    from kcc_research.pipeline.outcome import exit_code

    outcomes = []
    with _refusals():
        store = _store()
        published = verifying.published_keys(store)
        if not keys:
            _show(verifying.strange_folders(store))
        chosen = _known(store, keys, published) if keys else published
        for outcome in _proof(store, again, jobs).outcomes(chosen):
            outcomes.append(outcome)
            if not as_json:
                _show(outcome.problems)
                typer.echo(f"{outcome.key}  {_proved(outcome, again)}")
    if as_json:
        _as_json((e.key, _proved(e, again), e.problems) for e in outcomes)
    raise typer.Exit(exit_code(outcomes))


def _proof(store: Store, again: bool, jobs: int) -> Proof:
    """What verifies; with bars and kernels only where reports are made again."""
    from kcc_research.pipeline.executor import (
        default_jobs,
        default_memory,
        executor_for,
    )
    from kcc_research.pipeline.options import Options
    from kcc_research.pipeline.progress import progress_for
    from kcc_research.pipeline.rerun import Proof

    if not again:
        return Proof(store)
    jobs = jobs or default_jobs()
    options = Options(memory=default_memory(jobs))
    return Proof(store, again, options, progress_for(sys.stderr), executor_for(jobs))


def _proved(outcome: Outcome, again: bool) -> str:
    from kcc_research.pipeline.rerun import NOT_VERIFIED

    if outcome.state == "locked":
        return "locked"
    if outcome.reached == NOT_VERIFIED:
        return NOT_VERIFIED
    if again and outcome.is_good:
        return "reproduced, byte for byte"
    return _counted(outcome.problems)


@app.command(epilog="Example: kcc diff KEY --since ../uitgave/KEY/1")
def diff(
    key: Key,
    *,
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="An earlier publication, such as a release."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what changed since the last release or version: numbers, verdicts, words."""
    from kcc_research.pipeline import pages
    from kcc_research.pipeline.comparing import compare
    from kcc_research.pipeline.unchanged import Memory

    with _refusals():
        store = _store()
        _known(store, [key])
        compared = compare(store, key, since)
        pages.renew(store, Memory(store.workspace))
        kinds = [str(each.kind) for each in compared.found]
    if as_json:
        changes = [asdict(each) for each in compared.found]
        facts = {"key": key, "since": compared.since, "page": str(compared.page)}
        typer.echo(json.dumps(facts | {"changes": changes}, ensure_ascii=False))
        return
    names = {"oordeel": "verdicts", "getal": "numbers", "zin": "sentences"}
    counts = (f"{kinds.count(kind)} {name}" for kind, name in names.items())
    typer.echo(f"{key}  {', '.join(counts)} since {compared.since}")
    typer.echo(str(compared.page))


@app.command(
    epilog="Example: kcc new gm0575-noordwijk/2025-klantbeleving --from bewoners.csv"
)
def new(
    key: Key,
    more: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="More raw files.")
    ] = None,
    *,
    files: Annotated[
        list[Path],
        typer.Option("--from", metavar="FILE", help="A raw file: .sav, .xlsx, .csv."),
    ],
    kind: Annotated[
        Literal["experience", "continuous", "counter", "phone", "contacts"] | None,
        typer.Option(
            help="Kind of study; without it the one the files suggest. For assurance "
            "and benchmark copy the example in studies/nl: no file shows their themes."
        ),
    ] = None,
) -> None:
    """Make a study folder from raw files: proposes, and marks what to decide."""
    from datetime import UTC, datetime

    from kcc_research.pipeline import new as making

    with _refusals():
        store = _store()
        today = datetime.now(UTC).date()
        made = making.make(store, key, [*files, *(more or [])], today, kind)
        folder = store.workspace.relative(made.folder)
        for file, taken in made.sources.items():
            typer.echo(f"{file}  taken for: {taken}")
        typer.echo(f"study  {made.kind}")
        for name, count in made.decisions.items():
            typer.echo(f"{folder}/{name}  {count} to decide (BESLIS)")
    typer.echo(f"Decide, remove the lines with BESLIS, then: kcc check {key}")


@app.command(epilog="Example: kcc plan KEY --detect 0.3 --response 0.25")
def plan(
    key: Key,
    *,
    detect: Annotated[
        str,
        typer.Option(metavar="SIZE", help="Grade points (0.3) or a share (10pp)."),
    ],
    response: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", help="Share of the invited that answers, such as 0.25."
        ),
    ] = None,
    tests: Annotated[
        int,
        typer.Option(metavar="N", help="Comparisons made at once (Bonferroni).", min=1),
    ] = 1,
    as_json: Json = False,
) -> None:
    """Compute how many answers a wave needs, before fieldwork."""
    from kcc_research.pipeline.fieldwork_plan import plan_fieldwork

    with _refusals():
        store = _store()
        _known(store, [key])
        found = plan_fieldwork(
            store.workspace, key, detect, response=response, tests=tests
        )
        if as_json:
            typer.echo(json.dumps(found.as_json(), ensure_ascii=False))
        else:
            typer.echo("\n".join(found.lines()))


@app.command(epilog="Example: kcc notebook KEY report")
def notebook(
    key: Key,
    stage: Annotated[
        Literal["analyse", "report"], typer.Argument(help="Which notebook.")
    ],
    *,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show how the copy differs; change nothing.")
    ] = False,
    accepted: Annotated[
        bool, typer.Option("--accept", help="Pin the copy to the shipped one of now.")
    ] = False,
) -> None:
    """Make a measurement's own copy of a notebook, pinned to the shipped one."""
    from kcc_research.pipeline import own_notebook as own

    with _refusals():
        store = _store()
        _known(store, [key])
        if diff:
            for line in own.differences(store.workspace, key, stage):
                typer.echo(line)
        elif accepted:
            typer.echo(store.workspace.relative(own.accept(store, key, stage)))
        else:
            typer.echo(store.workspace.relative(own.make_own(store, key, stage)))


@app.command(epilog="Example: kcc purge KEY --yes")
def purge(
    key: Key,
    *,
    sure: Annotated[
        bool, typer.Option("--yes", help="Delete; without this only list.")
    ] = False,
) -> None:
    """List persons' data, and delete them after the retention date."""
    from datetime import UTC, datetime

    from kcc_research.pipeline import purge as purging

    with _refusals():
        store = _store()
        _known(store, [key])
        if sure:
            found = purging.purge(store, key, datetime.now(UTC).date())
        else:
            found = purging.planned(store.workspace, key)
        for line in purging.lines(store.workspace, found):
            typer.echo(line)
    files = f"{len(found.files)} files, {found.bytes} bytes"
    done = "deleted" if sure else f"to delete after {found.retain_until}: add --yes"
    typer.echo(f"{key}  {files}  {done}")


@app.command(
    epilog="Example: kcc release KEY --to ../uitgave --maker Anna --checker Bas"
)
def release(
    key: Key = "",
    *,
    to: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="Public folder, outside the workspace."),
    ],
    maker: Annotated[
        str, typer.Option(metavar="NAME", help="Who made the report.")
    ] = "",
    checker: Annotated[
        str, typer.Option(metavar="NAME", help="Who checked it: somebody else.")
    ] = "",
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Leave a notice in place of a release.")
    ] = False,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Of --withdraw; on the notice.")
    ] = "",
    by: Annotated[
        str,
        typer.Option(metavar="NAME", help="Of --withdraw: who or which team."),
    ] = "",
    number: Annotated[
        int,
        typer.Option(
            metavar="N", help="Of --withdraw; 0: the last that stands.", min=0
        ),
    ] = 0,
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="Only make the page over all releases.")
    ] = False,
) -> None:
    """Write a numbered, immutable bundle of checked files, or take one back."""
    from datetime import UTC, datetime

    from kcc_research.errors import CallError, problem
    from kcc_research.pipeline import pages
    from kcc_research.pipeline import release as releasing
    from kcc_research.pipeline import release_catalogue as listing
    from kcc_research.pipeline import withdrawal as taking_back
    from kcc_research.pipeline.unchanged import Memory

    today = datetime.now(UTC).date()
    with _refusals():
        if catalogue + withdraw > 1 or bool(key) == catalogue:
            raise CallError(problem("KCC-R053x"))
        store = _store()
        if catalogue:
            made, unlisted = listing.write(store, to)
        else:
            _known(store, [key])
            if withdraw:
                said = taking_back.Withdrawal(reason, by)
                made = taking_back.withdraw(store, key, to, said, number, today)
            else:
                signed = releasing.Signatures(maker, checker)
                made = releasing.release(store, key, to, signed, today)
            unlisted = listing.renew(store, to)
            pages.renew(store, Memory(store.workspace))
        _show(unlisted)
        typer.echo(str(made))
    raise typer.Exit(1 if unlisted else 0)


@app.command(epilog="Example: kcc handover KEY --to ../overdracht")
def handover(
    key: Key,
    *,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where; without it a private folder."),
    ] = None,
) -> None:
    """Write a page for a successor: what is open, keys, how to run again."""
    from datetime import UTC, datetime

    from kcc_research.pipeline import handover as handing_over

    with _refusals():
        store = _store()
        _known(store, [key])
        today = datetime.now(UTC).date()
        typer.echo(str(handing_over.handover(store, key, today, to)))


@app.command(epilog="Example: kcc doctor")
def doctor(
    *,
    as_json: Json = False,
) -> None:
    """Examine this installation: versions, fonts, filter, access, space."""
    from kcc_research.pipeline import doctor as examining

    with _refusals():
        found = list(examining.examine(_store()))
    if as_json:
        facts = [examining.as_facts(each) for each in found]
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        for each in found:
            typer.echo(str(each))
    raise typer.Exit(0 if all(each.is_good for each in found) else 1)


@app.command(epilog="Example: kcc demo --municipalities 20 --to ../proef")
def demo(
    *,
    municipalities: Annotated[
        int, typer.Option(metavar="N", help="How many, 1 to 342.")
    ],
    to: Annotated[
        Path, typer.Option(metavar="FOLDER", help="A folder that is not there yet.")
    ],
    contacts: Annotated[
        bool, typer.Option("--contacts", help="Each with a registration as well.")
    ] = False,
) -> None:
    """Make a workspace of invented municipalities, for trials and load tests."""
    from kcc_research.pipeline import demo as demonstrating

    with _refusals():
        workspace = _store().workspace
        made = demonstrating.make(workspace, to, municipalities, with_contacts=contacts)
        planted = demonstrating.faulty_keys(municipalities, with_contacts=contacts)
        typer.echo(str(made.root))
        for key, fault in planted.items():
            typer.echo(f"planted: {key}  {fault}")


@vng.command("check", epilog="Example: kcc vng check KEY")
def vng_check(
    key: Key,
    *,
    as_json: Json = False,
) -> None:
    """Judge whether it keeps to its protocol: every requirement, and why."""
    from kcc_research.pipeline import burgerpeiling

    with _refusals():
        store = _store()
        _known(store, [key])
        found = burgerpeiling.verdict(store.workspace, key)
    if as_json:
        typer.echo(json.dumps(found.as_facts(), ensure_ascii=False))
    else:
        typer.echo("\n".join(found.lines()))
    raise typer.Exit(0 if found.answer == "voldoet" else 1)


@vng.command(
    "export",
    epilog="Example: kcc vng export KEY --template BP-2024.sav --to ../levering",
)
def vng_export(
    key: Key,
    *,
    template: Annotated[
        Path, typer.Option(metavar="FILE", help="Your own official .sav template.")
    ],
    to: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="Existing folder outside the workspace."),
    ],
) -> None:
    """Write answers in the official format, and beside it what could not go in."""
    from kcc_research.pipeline import burgerpeiling

    with _refusals():
        store = _store()
        _known(store, [key])
        made = burgerpeiling.export(store, key, template, to)
    typer.echo(f"{made.file}  {made.rows} rows, {made.measured} questions")
    typer.echo(f"{made.differences}  {made.notes} points to read before you deliver")


# --- the call ------------------------------------------------------------------------


def _store() -> Store:
    from kcc_research.pipeline.store import Store
    from kcc_research.pipeline.workspace import find_workspace

    return Store(find_workspace())


def _known(
    store: Store, keys: list[str] | None, others: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The keys of the call, or all; a key that does not exist is a wrong call.

    A folder whose name cannot be a key is told, and left alone.
    """
    from kcc_research.errors import CallError
    from kcc_research.pipeline.workspace import unknown_key
    from kcc_research.study.measurement_key import list_keys, strange_folders

    if not keys:
        _show(strange_folders(store.workspace.root))
    known = tuple(dict.fromkeys((*list_keys(store.workspace.root), *others)))
    wrong = [unknown_key(each, known) for each in keys or () if each not in known]
    if wrong:
        raise CallError(wrong)
    return tuple(dict.fromkeys(keys)) if keys else known


def _chosen(
    store: Store, keys: list[str] | None, *, every: bool, failed: bool
) -> tuple[str, ...]:
    from kcc_research.errors import CallError, problem

    if not (keys or every or failed):
        raise CallError(problem("KCC-R053k"))
    chosen = _known(store, keys)
    if not failed:
        return chosen
    from kcc_research.pipeline.status import failed_keys

    return failed_keys(store, chosen)


# --- the answer ----------------------------------------------------------------------


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is shown as it is worded, without a traceback; so is our own fault."""
    from kcc_research.pipeline.safety_net import faults_told

    try:
        with faults_told():
            yield
    except UserError as error:
        _show(error.problems)
        raise typer.Exit(error.exit_code) from None


def _show(problems: Iterable[Problem]) -> None:
    for each in problems:
        typer.echo(str(each), err=True)


def _as_json(found: Iterable[tuple[str, str, Iterable[Problem]]]) -> None:
    """Key, state and problems of each measurement, as one list."""
    from kcc_research.pipeline.outcome import as_facts

    facts = [
        {"key": key, "state": state, "problems": [as_facts(each) for each in problems]}
        for key, state, problems in found
    ]
    typer.echo(json.dumps(facts, ensure_ascii=False))


def _keep_check_report(
    store: Store, key: str, problems: list[Problem], *, told: bool
) -> None:
    """Leave a page to forward, and say where; in a workspace of others, say why not."""
    from kcc_research.pipeline import check as checking
    from kcc_research.pipeline.safety_net import faults_told

    title = checking.title_of(store.workspace, key)
    try:
        with faults_told(key):
            page = checking.keep_report(store, key, title, problems)
            if told:
                typer.echo(str(page))
    except UserError as error:
        _show(error.problems)


def _counted(problems: Iterable[Problem]) -> str:
    severities = [each.severity for each in problems]
    counts = (
        (severities.count("error"), "error", "errors"),
        (severities.count("warning"), "warning", "warnings"),
        (severities.count("notice"), "notice", "notices"),
    )
    words = [f"{n} {one if n == 1 else many}" for n, one, many in counts if n]
    return ", ".join(words) or "in order"


def _tell(
    store: Store, chosen: tuple[str, ...], outcomes: list[Outcome], *, dry_run: bool
) -> None:
    from kcc_research.pipeline.outcome import summary

    workspace = store.workspace
    for outcome in outcomes:
        _show(outcome.problems)
        if dry_run:
            typer.echo(f"{outcome.key}  {outcome.state}")
            for step in outcome.steps:
                typer.echo(f"  {step}")
        for line in outcome.lines:
            typer.echo(line)
    for line in summary(outcomes):
        typer.echo(line, err=True)
    if dry_run:
        return
    for outcome in outcomes:
        if outcome.key in chosen and outcome.state in (
            "done",
            "unchanged",
            "purged",
            "released",
        ):
            folder = workspace.output(outcome.key)
            typer.echo(str(folder / "report.html"))
            typer.echo(str(folder / "report.pdf"))
    typer.echo(str(workspace.catalogue))
