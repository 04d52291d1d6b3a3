"""Bringing measurements up to date: what is stale is done, and nothing else.

A measurement that fails stops no other one, except those that build on it; what was
published of it stays (TRUST-F63, G4).
"""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kcc_research.errors import CallError, Problem, RunError, UserError
from kcc_research.pipeline import lean_imports, pages, parameters, saving
from kcc_research.pipeline.assessment import (
    Assessment,
    Prepared,
    assess,
    assess_all,
    earlier_of,
    prepare,
)
from kcc_research.pipeline.catalogue_standing import forget
from kcc_research.pipeline.check import report_files as check_report_files
from kcc_research.pipeline.executor import Executor, OneAfterAnother
from kcc_research.pipeline.fingerprint import Fingerprint
from kcc_research.pipeline.freezing import uncommitted
from kcc_research.pipeline.last_run import LastRun, read_last_run
from kcc_research.pipeline.notebook_file import NotebookFile
from kcc_research.pipeline.options import Options
from kcc_research.pipeline.order import circles, with_earlier
from kcc_research.pipeline.outcome import Outcome, refused, waiting
from kcc_research.pipeline.plan import Step
from kcc_research.pipeline.progress import Progress, Silent
from kcc_research.pipeline.purge_note import purged_on
from kcc_research.pipeline.record import canonical_json
from kcc_research.pipeline.release_note import releases
from kcc_research.pipeline.safety_net import TRACE, faults_told
from kcc_research.pipeline.standing import Standing
from kcc_research.pipeline.standstill import is_settled
from kcc_research.pipeline.store import Held, Store, last_run_file
from kcc_research.pipeline.store.locking import Holder
from kcc_research.pipeline.unchanged import Memory, settle
from kcc_research.pipeline.workspace import Workspace
from kcc_research.temporary_folders import clear_dead

if TYPE_CHECKING:
    from kcc_research.pipeline.execution import Bench
    from kcc_research.pipeline.kernel import KernelRoom

FORCED = "forced"
_STILL = frozenset({"unchanged", "released", "purged"})


@dataclass
class Runner:
    """Runs measurements of one workspace; kernels share one private room.

    ``lent`` is the room of somebody else, who closes it.
    """

    store: Store
    options: Options = field(default_factory=Options)
    progress: Progress = field(default_factory=Silent)
    executor: Executor = field(default_factory=OneAfterAnother)
    lent: Callable[[], KernelRoom] | None = None

    def __post_init__(self) -> None:
        self.fingerprint = Fingerprint(self.workspace)
        self._named: frozenset[str] = frozenset()
        self._memory: Memory | None = None
        self._circles: Mapping[str, RunError] = {}
        self._open = contextlib.ExitStack()
        self._room: KernelRoom | None = None
        self._opening = threading.Lock()

    @property
    def workspace(self) -> Workspace:
        return self.store.workspace

    def run(self, keys: Sequence[str]) -> list[Outcome]:
        """Bring ``keys``, and what they build on, up to date; then the catalogue.

        Raises :class:`RunError` for what concerns the call or the workspace as a
        whole; what is wrong with one measurement is in its outcome.
        """
        self._named = frozenset(keys)
        self._require_settable(keys)
        self._memory = Memory(self.workspace)
        earlier = earlier_of(self.workspace, self._memory)
        ordered = with_earlier(keys, earlier)
        self._circles = circles(ordered, earlier)
        if not self.options.dry_run:
            clear_dead()
        outcomes = []
        self.progress.begin(ordered)
        try:
            with self._open:
                for outcome in self.executor.run(ordered, earlier, self._measurement):
                    self.progress.finished(outcome)
                    outcomes.append(outcome)
        finally:
            self.progress.end()
        if not self.options.dry_run:
            outcomes += self._catalogue(outcomes)
        return outcomes

    def one(
        self, key: str, before: Mapping[str, Outcome], named: frozenset[str]
    ) -> Outcome:
        """Only ``key``, for an executor elsewhere; ``before`` is what it builds on.

        Kernels stay ready for a next one until :meth:`close`.
        """
        self._named = named
        self._circles = {**self._circles, **circles([key], earlier_of(self.workspace))}
        return self._measurement(key, before)

    def close(self) -> None:
        """End the kernels that are kept ready."""
        self._open.close()

    def _catalogue(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Bring outputs/index.html up to date; an outcome only if there is a problem.

        A report that cannot be listed is left out and told. How everything then stands
        is remembered for the next run.
        """
        name = self.workspace.relative(self.workspace.catalogue)
        unlisted: list[Problem] = []
        fresh = {e.key for e in outcomes if e.state in ("done", "unchanged")}
        try:
            with faults_told():
                forget(self.store, fresh & self._named)
                if any(each.state == "done" for each in outcomes):
                    settle()
                memory = Memory(self.workspace)
                pages.bring_up_to_date(self.store, memory, unlisted)
                Standing(self.workspace, memory).learn(e.key for e in outcomes)
                memory.keep(self.store)
        except UserError as error:
            return [refused(name, error)]
        return [Outcome(name, "done", tuple(unlisted))] if unlisted else []

    def _require_settable(self, keys: Sequence[str]) -> None:
        """Refuse the call when a setting fits no measurement of it.

        What is wrong with the measurements themselves comes first: where none is in
        order, each is refused for its own fault, and where some are not, those faults
        may be why the setting is not known.
        """
        if not self.options.settings:
            return
        notebooks: list[NotebookFile] = []
        broken: list[Problem] = []
        for key in keys:
            try:
                with faults_told(key):
                    notebooks += prepare(self.workspace, key).notebooks.values()
            except UserError as error:
                broken += error.problems
        found = list(parameters.setting_faults(self.options.settings, notebooks))
        if found and (notebooks or not broken):
            raise CallError([*broken, *found])

    def steps_of(self, prepared: Prepared) -> tuple[Step, ...]:
        """The steps the call needs: of what it only builds on, the results."""
        if prepared.study.key in self._named:
            return prepared.steps
        return tuple(each for each in prepared.steps if each.stage != "report")

    def options_for(self, key: str) -> Options:
        """What the call asks for ``key``; nothing special of what it only builds on."""
        if key in self._named:
            return self.options
        return replace(self.options, force=False, draft=False, settings=())

    def _measurement(self, key: str, before: Mapping[str, Outcome]) -> Outcome:
        """One measurement, with a net around it: whatever it meets stops no other."""
        try:
            with faults_told(key, None if self.options.dry_run else self._keeper(key)):
                return self._attempt(key, before)
        except UserError as error:
            return self._noted(refused(key, error, "definitions"))

    def _attempt(self, key: str, before: Mapping[str, Outcome]) -> Outcome:
        if key in self._circles:
            raise self._circles[key]
        bad = [each for each in before.values() if not each.is_good]
        if bad:
            return self._noted(waiting(key, bad))
        if purged_on(self.workspace, key) is not None:
            return Outcome(key, "purged")
        if releases(self.workspace, key) and not self.options.reopen:
            return Outcome(key, "released")
        options = self.options_for(key)
        if not options.asks_more and self._stands_still(key, before):
            return Outcome(key, "unchanged")
        prepared = prepare(self.workspace, key).with_settings(options.settings)
        steps = self.steps_of(prepared)
        stale_earlier = [k for k, each in before.items() if each.state == "would run"]
        every = assess_all(
            self.workspace, self.fingerprint, prepared, sorted(stale_earlier)
        )
        assessed = [each for each in every if each.step in steps]
        stale = [each for each in assessed if options.force or not each.is_fresh]
        if options.dry_run:
            lines = tuple(f"{each.step.id}: {_why(each)}" for each in stale)
            return Outcome(key, "would run" if stale else "unchanged", steps=lines)
        if not stale and not options.draft and is_settled(self.store, key):
            return Outcome(key, "unchanged")
        return self._bring_up_to_date(prepared)

    def _stands_still(self, key: str, before: Mapping[str, Outcome]) -> bool:
        """Whether nothing of it changed since it was up to date, as far as is known."""
        known = self._memory.known(key) if self._memory else None
        calm = all(each.state in _STILL for each in before.values())
        return bool(known and known.is_fresh and calm and is_settled(self.store, key))

    def _bring_up_to_date(self, prepared: Prepared) -> Outcome:
        key = prepared.study.key
        reached = ["lock"]
        try:
            with faults_told(key), self.store.hold(key) as held:
                return _Work(self, held, prepared, reached).outcome()
        except UserError as error:
            return refused(key, error, reached[-1])

    def _noted(self, outcome: Outcome) -> Outcome:
        """Remember a measurement that could not even start, for --failed."""
        if self.options.dry_run or outcome.state != "failed":
            return outcome
        with contextlib.suppress(UserError), faults_told(outcome.key):
            with self.store.hold(outcome.key) as held:
                held.note_run(LastRun.of(outcome, held.run).to_json())
        return outcome

    def _keeper(self, key: str) -> Callable[[bytes], str]:
        """Keeps the trace of an internal error of a measurement that nobody holds."""

        def keep(trace: bytes) -> str:
            with self.store.hold(key) as held:
                return self.workspace.relative(held.keep_by_product({TRACE: trace}))

        return keep

    def room(self) -> KernelRoom:
        """The private room for kernels, opened when the first one is needed."""
        if self.lent is not None:
            return self.lent()
        with self._opening:
            return self._opened_room()

    def _opened_room(self) -> KernelRoom:
        if self._room is None:
            self.store.probe()
            with lean_imports.without():
                from kcc_research.pipeline.kernel import KernelRoom

                room = self._open.enter_context(KernelRoom(self.options.kernels))
                room.prepare()  # imports beside us
                from kcc_research.pipeline import execution  # noqa: F401 - all of it
            # What is imported by now stays: going through all of it again at each full
            # collection of garbage cost a tenth of the driver's time.
            gc.collect()
            gc.freeze()
            self._room = room
        return self._room

    def assess(self, prepared: Prepared, step: Step) -> Assessment:
        """How a step stands now, after what was done before it."""
        return assess(self.workspace, self.fingerprint, prepared, step)

    def remember(self, prepared: Prepared, step: Step) -> None:
        """Keep of what the step's notebook and code consisted, to say what changed."""
        made = self.fingerprint.ingredients(step, prepared.notebook(step))
        self.store.keep_ingredients({f"{n}.json": each for n, each in made.items()})


class _Work:
    """One measurement while its lock is held."""

    def __init__(
        self, runner: Runner, held: Held, prepared: Prepared, reached: list[str]
    ) -> None:
        self._runner, self._held, self._prepared = runner, held, prepared
        self._reached = reached
        self._done: list[dict[str, str]] = []

    def outcome(self) -> Outcome:
        """Do every stale step; note how it went, whatever way it went."""
        key = self._held.key
        before = read_last_run(last_run_file(self._runner.workspace, key))
        try:
            with faults_told(key, self._keep_trace):
                outcome = self._steps()
        except UserError as error:
            failed = refused(key, error, self._reached[-1])
            title = self._prepared.study.measurement.title
            report = check_report_files(key, title, error.problems)
            self._held.keep_by_product(report)
            self._note(LastRun.of(failed, self._held.run))
            self._write_run_json("failed")
            raise
        last = LastRun.of(outcome, self._held.run)
        # A draft mends nothing: what had failed before it, is still to be done.
        hides = last.state == "draft" and before and before.state != "good"
        self._note(before if hides and before else last)
        if self._done:
            self._write_run_json(outcome.state)
        return outcome

    def _steps(self) -> Outcome:
        options = self._runner.options_for(self._held.key)
        declared = self._prepared.study.measurement.sources
        saving.remove_undeclared(self._runner.workspace, self._held, declared)
        for step in self._runner.steps_of(self._prepared):
            if step.stage == "report" and options.draft:
                return self._draft(step)
            assessed = self._runner.assess(self._prepared, step)
            if options.force or not assessed.is_fresh:
                with self._timed(step.id, _why(assessed)):
                    self._perform(assessed)
        names = tuple(each["step"] for each in self._done)
        return Outcome(self._held.key, "done" if names else "unchanged", steps=names)

    def _perform(self, assessed: Assessment) -> None:
        bench = self._bench()
        from kcc_research.pipeline import execution

        execution.perform(bench, assessed)
        self._runner.remember(self._prepared, assessed.step)

    def _draft(self, step: Step) -> Outcome:
        with self._timed(step.id, "draft"):
            bench = self._bench()
            from kcc_research.pipeline import execution

            draft = execution.perform_draft(bench, step)
        folder = self._runner.workspace.runs(self._held.key) / self._held.run
        lines = tuple(str(folder / name) for name in draft.files)
        return Outcome(self._held.key, "draft", draft.problems, lines=lines)

    def _bench(self) -> Bench:
        room = self._runner.room()  # imports what the others need, leanly
        from kcc_research.pipeline.execution import Bench
        from kcc_research.pipeline.notebook import Limits

        options = self._runner.options
        return Bench(
            self._runner.workspace,
            self._held,
            room,
            self._prepared,
            self._runner.fingerprint,
            Limits(options.cell_seconds, options.total_seconds, options.memory),
        )

    @contextlib.contextmanager
    def _timed(self, step: str, why: str) -> Iterator[None]:
        self._reached.append(step)
        self._runner.progress.step(self._held.key, step, why)
        self._note(LastRun(self._held.run, "running", step))
        begun = _now()
        try:
            yield
        finally:
            self._done.append({"step": step, "why": why, "begun": begun, "end": _now()})

    def _keep_trace(self, trace: bytes) -> str:
        folder = self._held.keep_by_product({TRACE: trace})
        return self._runner.workspace.relative(folder)

    def _note(self, last: LastRun) -> None:
        self._held.note_run(last.to_json())

    def _write_run_json(self, state: str) -> None:
        """Times, host, process, state of git: hashed by nobody (TRUST-X7)."""
        content = {
            **asdict(Holder.me()),
            "state": state,
            "steps": self._done,
            "uncommitted": uncommitted(self._runner.workspace, self._held.key),
        }
        self._held.keep_by_product({"run.json": canonical_json(content)})


def _why(assessed: Assessment) -> str:
    return assessed.reasons[0] if assessed.reasons else FORCED


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
