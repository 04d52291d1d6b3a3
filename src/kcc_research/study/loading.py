"""From the folder of a measurement to its :class:`Study`, or to all its problems.

    studies/<owner>/<slug>/measurement.toml, <questionnaire>.toml, <layout>.toml,
    <coding scheme>.toml, <margins>.csv, claims.toml, waves.toml, aanbevelingen.toml,
    quotes.toml, texts/<slot>.md

Every file is read before anything is refused, so that one run shows all that is to be
mended. Paths come from the measurement key and from file names without folders; what
would lead outside the folder is refused (TRUST-F10, F11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from kcc_research.errors import DefinitionError, Problem, problem
from kcc_research.study.claim import Claim, Claims
from kcc_research.study.coding_scheme import CodingScheme
from kcc_research.study.coherence import (
    Known,
    ReadFiles,
    claim_problems,
    coherence_problems,
    place_name,
    quote_problems,
    text_problems,
)
from kcc_research.study.definition_file import (
    DefinitionFile,
    hidden_characters,
    nearest,
    read_definition,
    read_text,
    unknown_name,
)
from kcc_research.study.layout_file import SHIPPED, read_layout, shipped_layouts
from kcc_research.study.margins import Margins, read_margins
from kcc_research.study.measurement import Measurement, Study
from kcc_research.study.measurement_key import (
    DEFINITIONS,
    MEASUREMENT_FILE,
    STUDIES,
    key_problems,
    list_keys,
)
from kcc_research.study.model import FILE_NAME_PATTERN, Definition
from kcc_research.study.questionnaire import Questionnaire
from kcc_research.study.quote_decision import QuoteDecision, QuoteDecisions
from kcc_research.study.recommendation import Recommendation, Recommendations
from kcc_research.study.record_layout import RecordLayout
from kcc_research.study.refusal import validation_problems
from kcc_research.study.text_slots import text_slots
from kcc_research.study.toml_lines import KeyPath
from kcc_research.study.wave_coherence import wave_map_problems
from kcc_research.study.wave_map import WAVES_FILE, WaveMap

CLAIMS_FILE = "claims.toml"
QUOTES_FILE = "quotes.toml"
RECOMMENDATIONS_FILE = "aanbevelingen.toml"
TEXTS_FOLDER = "texts"

_FILE_NAME = re.compile(FILE_NAME_PATTERN)
_Model = TypeVar("_Model", bound=Definition)


def load_study(root: Path, key: str) -> Study:
    """Read and check the measurement ``key`` (``<owner>/<slug>``) of a workspace.

    ``root`` is the folder that holds ``studies``. Raises :class:`DefinitionError` with
    all problems of all its files. Warnings are dropped: see
    :func:`load_study_with_warnings`.
    """
    return load_study_with_warnings(root, key)[0]


def load_study_with_warnings(root: Path, key: str) -> tuple[Study, tuple[Problem, ...]]:
    """Like :func:`load_study`, with the warnings that belong in the report."""
    folder = study_folder(root, key)
    reader = _Reader(root, folder)
    study = reader.study()
    if study is None:
        raise DefinitionError(reader.problems)
    return study, tuple(reader.problems)


def study_folder(root: Path, key: str) -> Path:
    """Folder of a measurement, or :class:`DefinitionError` when there is none."""
    problems = key_problems(key)
    if problems:
        raise DefinitionError(problems)
    folder = root / STUDIES / key
    file = f"{STUDIES}/{key}/{MEASUREMENT_FILE}"
    if not leads_inside(folder, root / STUDIES):
        raise DefinitionError(problem("KCC-C010c", file=file))
    if (folder / MEASUREMENT_FILE).is_file():
        return folder
    for name in DEFINITIONS[1:]:
        if (folder / name).exists():
            raise DefinitionError(problem("KCC-C007", file=f"{STUDIES}/{key}/{name}"))
    close = nearest(key, list_keys(root)) or "een andere meting"
    raise DefinitionError(problem("KCC-C010b", file=file, value=key, nearest=close))


def leads_inside(path: Path, folder: Path) -> bool:
    """Whether ``path``, all links followed, ends within ``folder``."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links that lead round in a circle
        return False


@dataclass(frozen=True, slots=True)
class _Named:
    """The files a source names, as written: the measurement itself may be wrong."""

    index: int
    source: str
    questionnaire: str
    layout: str
    coding: str
    margins: str


def _named_files(file: DefinitionFile) -> list[_Named]:
    sources = file.values.get("source", [])
    if not isinstance(sources, list):
        return []
    return [
        _Named(
            index,
            str(each.get("id", index)),
            _file_name(each.get("questionnaire")),
            _file_name(each.get("layout")),
            _file_name(each.get("coding")),
            _file_name(each.get("margins")),
        )
        for index, each in enumerate(sources)
        if isinstance(each, dict)
    ]


def _file_name(value: object) -> str:
    """A plain file name, or nothing: the model says what is wrong with any other."""
    plain = isinstance(value, str) and _FILE_NAME.fullmatch(value)
    return str(value) if plain else ""


@dataclass
class _Reader:
    """Reads the files of one folder and remembers every problem."""

    root: Path
    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def study(self) -> Study | None:
        """The study, or None when there are problems."""
        measurement, file = self.measurement()
        named = _named_files(file)
        questionnaires = self.questionnaires(file, named)
        layouts = self._layouts(file, named)
        schemes = self._schemes(file, named)
        margins = self._margins(file, named, questionnaires)
        read = questionnaires.keys() | layouts.keys() | schemes.keys()
        all_read = bool(named) and all(each.source in read for each in named)
        defined: tuple[Known, ...] = (*questionnaires.values(), *layouts.values())
        known = defined if all_read else None
        claims = self._claims(known)
        recommendations = self._recommendations()
        texts = self._texts(known, text_slots(measurement, questionnaires.values()))
        quotes = self._quotes(schemes if all_read else None)
        if measurement is None:
            return None
        self._logo(measurement, file)
        earlier = {
            each.measurement: _questionnaires_of(self.root, each.measurement)
            for each in measurement.earlier
        }
        files = ReadFiles(
            measurement, file, questionnaires, earlier, margins, layouts, schemes
        )
        waves = self._waves(files)
        self.problems += coherence_problems(files, waves)
        if self.has_errors:
            return None
        return Study(
            measurement=measurement,
            place_name=place_name(measurement),
            questionnaires=questionnaires,
            layouts=layouts,
            schemes=schemes,
            margins=margins,
            claims=claims,
            waves=waves,
            recommendations=recommendations,
            texts=texts,
            quotes=quotes,
        )

    @property
    def has_errors(self) -> bool:
        return any(each.severity == "error" for each in self.problems)

    def measurement(self) -> tuple[Measurement | None, DefinitionFile]:
        """``measurement.toml``, which does not repeat its own key."""
        key = {"owner": self.folder.parent.name, "slug": self.folder.name}
        return self._model(MEASUREMENT_FILE, Measurement, key)

    def questionnaires(
        self, file: DefinitionFile, named: list[_Named]
    ) -> dict[str, Questionnaire]:
        """By source; a file that serves two sources is read once."""
        names = {(e.source, e.index): e.questionnaire for e in named}
        return self._by_source(file, names, "questionnaire", Questionnaire)

    def _schemes(
        self, file: DefinitionFile, named: list[_Named]
    ) -> dict[str, CodingScheme]:
        """Coding schemes of remarks, by source."""
        names = {(e.source, e.index): e.coding for e in named}
        return self._by_source(file, names, "coding", CodingScheme)

    def _by_source(
        self,
        file: DefinitionFile,
        names: dict[tuple[str, int], str],
        key: str,
        model: type[_Model],
    ) -> dict[str, _Model]:
        """The files named at ``key`` of each source, each read once."""
        read: dict[str, _Model | None] = {}
        for (_, index), name in names.items():
            if name and name not in read:
                if self._is_there(file, ("source", index, key), name):
                    read[name], _ = self._model(name, model, {})
        found = {source: read.get(name) for (source, _), name in names.items()}
        return {source: each for source, each in found.items() if each is not None}

    def _layouts(
        self, file: DefinitionFile, named: list[_Named]
    ) -> dict[str, RecordLayout]:
        """By source: a shipped layout by its name, or a file of the study."""
        found: dict[str, RecordLayout | None] = {}
        for each in named:
            at = ("source", each.index, "layout")
            if each.layout.endswith(".toml"):
                if self._is_there(file, at, each.layout):
                    path, name = self.folder / each.layout, self._shown(each.layout)
                    found[each.source], problems = read_layout(path, name)
                    self.problems += problems
            elif each.layout in shipped_layouts():
                found[each.source] = shipped_layouts()[each.layout]
            elif each.layout:
                known = shipped_layouts()
                self.problems.append(
                    unknown_name(file, at, each.layout, known, SHIPPED)
                )
        return {source: each for source, each in found.items() if each is not None}

    def _shown(self, name: str) -> str:
        return (self.folder / name).relative_to(self.root).as_posix()

    def _model(
        self, name: str, model: type[_Model], extra: dict[str, str]
    ) -> tuple[_Model | None, DefinitionFile]:
        """Read a file as ``model``; ``extra`` are values from outside the file."""
        if not self._is_inside(name):
            return None, DefinitionFile(self._shown(name), {})
        file, problems = read_definition(self.folder / name, self._shown(name))
        self.problems += problems
        if problems:
            return None, file
        for key in sorted(extra.keys() & file.values.keys()):
            allowed = ", ".join(sorted(set(model.model_fields) - extra.keys()))
            self.problems.append(
                file.problem("KCC-C003a", (key,), name=key, allowed=allowed)
            )
        try:
            return model.model_validate(file.values | extra), file
        except ValidationError as error:
            self.problems += validation_problems(file, error, model)
            return None, file

    def _is_there(self, file: DefinitionFile, at: KeyPath, name: str) -> bool:
        """Whether the file named at a key exists, within the folder."""
        path = self.folder / name
        if not path.is_file():
            folder = self.folder.relative_to(self.root).as_posix()
            self.problems.append(
                file.problem("KCC-C010a", at, value=name, folder=folder)
            )
            return False
        if not leads_inside(path, self.folder):
            self.problems.append(file.problem("KCC-C010c", at, value=name))
            return False
        return True

    def _is_inside(self, name: str) -> bool:
        """Whether a file stands in the folder itself; what a link holds is not read."""
        inside = leads_inside(self.folder / name, self.folder)
        if not inside:
            self.problems.append(problem("KCC-C010c", file=self._shown(name)))
        return inside

    def _logo(self, measurement: Measurement, file: DefinitionFile) -> None:
        if measurement.report.logo is not None:
            self._is_there(file, ("report", "logo"), measurement.report.logo)

    def _margins(
        self,
        file: DefinitionFile,
        named: list[_Named],
        questionnaires: dict[str, Questionnaire],
    ) -> dict[str, Margins]:
        found = {}
        for each in named:
            at = ("source", each.index, "margins")
            if not each.margins or not self._is_there(file, at, each.margins):
                continue
            questionnaire = questionnaires.get(each.source)
            if questionnaire is not None:
                path, name = self.folder / each.margins, self._shown(each.margins)
                found[each.source], problems = read_margins(path, name, questionnaire)
                self.problems += problems
        return found

    def _claims(self, known: tuple[Known, ...] | None) -> tuple[Claim, ...]:
        """Claims; their names are followed where every source is ``known``."""
        if not (self.folder / CLAIMS_FILE).is_file():
            return ()
        claims, file = self._model(CLAIMS_FILE, Claims, {})
        if claims is None:
            return ()
        if known is not None:
            self.problems += claim_problems(claims, file, known)
        return claims.claim

    def _waves(self, files: ReadFiles) -> WaveMap:
        """The wave map, followed where every source could be read."""
        if not (self.folder / WAVES_FILE).is_file():
            return WaveMap()
        waves, file = self._model(WAVES_FILE, WaveMap, {})
        if waves is None:
            return WaveMap()
        if files.all_read:
            now, earlier = files.questionnaires, files.earlier
            self.problems += wave_map_problems(waves, file, now, earlier)
        return waves

    def _quotes(
        self, schemes: dict[str, CodingScheme] | None
    ) -> tuple[QuoteDecision, ...]:
        """Ticked quotations; their names are followed where all schemes were read."""
        if not (self.folder / QUOTES_FILE).is_file():
            return ()
        decisions, file = self._model(QUOTES_FILE, QuoteDecisions, {})
        if decisions is None:
            return ()
        if schemes is not None:
            self.problems += quote_problems(decisions, file, schemes)
        return decisions.quote

    def _recommendations(self) -> tuple[Recommendation, ...]:
        if not (self.folder / RECOMMENDATIONS_FILE).is_file():
            return ()
        read, _ = self._model(RECOMMENDATIONS_FILE, Recommendations, {})
        return read.recommendation if read is not None else ()

    def _texts(
        self, known: tuple[Known, ...] | None, slots: tuple[str, ...]
    ) -> dict[str, str]:
        texts = {}
        for path in sorted((self.folder / TEXTS_FOLDER).glob("*.md")):
            # A hidden file is an editor's own: a lock, a copy kept for a crash.
            if path.name.startswith(".") or not self._is_inside(self._text(path)):
                continue
            name = self._shown(self._text(path))
            text, problems = read_text(path, name)
            problems += hidden_characters(text, name)
            if path.stem not in slots:
                what = "plaats voor een tekst in het rapport"
                nowhere = DefinitionFile(name, {})
                problems.append(unknown_name(nowhere, (), path.stem, slots, what))
            if known is not None and not problems:
                problems += text_problems(text, name, known)
            self.problems += problems
            texts[path.stem] = text
        return texts

    @staticmethod
    def _text(path: Path) -> str:
        return f"{TEXTS_FOLDER}/{path.name}"


def _questionnaires_of(root: Path, key: str) -> dict[str, Questionnaire] | None:
    """Questionnaires of an earlier measurement, None when it cannot be read.

    What is wrong there is told when that measurement itself is checked.
    """
    try:
        reader = _Reader(root, study_folder(root, key))
    except DefinitionError:
        return None
    measurement, file = reader.measurement()
    questionnaires = reader.questionnaires(file, _named_files(file))
    return None if measurement is None or reader.has_errors else questionnaires
