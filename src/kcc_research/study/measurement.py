"""A measurement: one file that says what was measured, when, among whom, from what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from kcc_research.study.benchmark import (
    EVERY_PROFILE,
    Dimension,
    ReferenceGroup,
    benchmark_faults,
)
from kcc_research.study.chart import ChartPlan
from kcc_research.study.claim import Claim
from kcc_research.study.coding_scheme import CodingScheme
from kcc_research.study.correction import Correction, correction_faults, version_of
from kcc_research.study.delivery import Delivery
from kcc_research.study.model import (
    Definition,
    Fault,
    FileName,
    GemeenteCode,
    Identifier,
    MeasurementKey,
    Slug,
    Text,
    refuse,
)
from kcc_research.study.norm import ServiceNorm
from kcc_research.study.policy import DisclosurePolicy
from kcc_research.study.protocol import Protocol, protocol_faults
from kcc_research.study.questionnaire import Questionnaire
from kcc_research.study.quote_decision import QuoteDecision
from kcc_research.study.recommendation import Recommendation
from kcc_research.study.record_layout import RecordLayout
from kcc_research.study.reserved import DEVICES
from kcc_research.study.reserved import EVERYONE as EVERYONE
from kcc_research.study.wave_map import WaveMap

StudyKind = Literal[
    "experience",
    "continuous",
    "counter",
    "phone",
    "assurance",
    "benchmark",
    "contacts",
]
SourceKind = Literal[
    "survey",
    "contacts",
    "queue",
    "remarks",
    "municipalities",
    "mystery",
    "documents",
    "volumes",
]
Recruitment = Literal[
    "random-sample",
    "panel",
    "intercept",
    "open-link",
    "self-selected",
    "census",
    "registration",
]
Status = Literal["concept", "wederhoor", "definitief"]
Mode = Literal[
    "web", "paper", "phone", "face-to-face", "mixed", "panel", "registration"
]
Scalar = str | int | float | bool
Duplicates = Literal["latest", "most_complete"]

REGISTRATIONS: frozenset[SourceKind] = frozenset({"contacts", "queue"})
"""Kinds of source that have a record layout instead of a questionnaire."""


class ReportInfo(Definition):
    """What the title page prints beside title and commissioner.

    ``license`` is that of a release, such as ``CC-BY-4.0``.
    """

    author: Text | None = None
    contact: Text | None = None
    logo: FileName | None = None
    license: Text | None = None


class Privacy(Definition):
    """Who answers for the data of persons, and on what ground (AVG art. 4 and 6)."""

    controller: Text
    legal_basis: Text


class Fieldwork(Definition):
    """When and how people were asked (*veldwerk*)."""

    start: date
    end: date
    mode: Mode
    recruitment: Recruitment

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("het veldwerk eindigt voor het begint")
        return self


class FileFormat(Definition):
    """How a raw file is written. Absent for CSV: strict detection, reported.

    ``header_row`` holds the column names. ``first_row`` is the row of the first
    answers, where question texts or codes stand between the two: those rows are
    skipped, counted and told.
    """

    delimiter: Literal[",", ";", "\t", "|"] | None = None
    decimal: Literal[",", "."] | None = None
    thousands: Literal[".", ",", " "] | None = None
    encoding: Literal["utf-8", "utf-16", "windows-1252"] | None = None
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1, le=20)
    first_row: int | None = Field(default=None, ge=2, le=40)

    @model_validator(mode="after")
    def _signs_differ(self) -> Self:
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError("decimal en thousands zijn hetzelfde teken")
        if self.first_row is not None and self.first_row <= self.header_row:
            raise ValueError(
                f"first_row ({self.first_row}) ligt niet onder de kolomnamen"
                f" (header_row = {self.header_row})"
            )
        return self


class Source(Definition):
    """One file (or series of files) with one questionnaire, layout or coding scheme.

    ``layout`` is a file in the study's folder, or the name of a shipped layout; it
    belongs to registrations (``contacts`` and ``queue``).
    ``coding`` is the coding scheme of remarks, a file in the same folder.
    ``target`` names the filter of the questionnaire that the answers speak for, or
    ``all``. ``margins`` is a table ``variable,category,count`` in the study's folder:
    the composition of the population that was sampled, contact volumes included.
    ``population`` is the number of units sampled from; ``undeliverable`` absent means
    that nobody counted them. ``unit`` says what was drawn: persons, or contacts, which
    get no number over channels without contact volumes (STAT-N10). Absent: contacts
    where a breakdown by channel was asked of everybody. ``sha256`` is that of the one
    ``file``: a series grows, so none is kept for ``files``.
    ``duplicates`` says which answer counts when a municipality, as a respondent, sent
    in more than one. ``remove`` names respondents, by their number in the file, who
    asked to be taken out: their answers are left behind when the file is read.
    ``delivery`` says who sent the file, and when.
    ``volumes`` names the source (of kind ``volumes``) that counts contacts and
    invitations per channel and day: a file that grows with every delivery, so raw data
    and no definition. ``rest_days``: so many days must lie between two invitations of
    one person.
    """

    id: Identifier
    kind: SourceKind
    questionnaire: FileName = ""
    layout: FileName | None = None
    coding: FileName | None = None
    file: FileName | None = None
    files: FileName | None = None
    label: str = ""
    format: FileFormat = FileFormat()
    rows: int | None = Field(default=None, gt=0)
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    target: Identifier = EVERYONE
    invited: int | None = Field(default=None, gt=0)
    undeliverable: int | None = Field(default=None, ge=0)
    population: int | None = Field(default=None, gt=0)
    margins: FileName | None = None
    strata: Identifier | None = None
    cluster: Identifier | None = None
    unit: Literal["person", "contact"] | None = None
    weight: Identifier | None = None
    breakdowns: tuple[Identifier, ...] = Field(default=(), strict=False)
    confidential: bool = False
    duplicates: Duplicates | None = None
    volumes: Identifier | None = None
    rest_days: int | None = Field(default=None, gt=0)
    remove: tuple[Text, ...] = Field(default=(), strict=False)
    delivery: Delivery | None = None

    @model_validator(mode="after")
    def _one_place_to_read(self) -> Self:
        if (self.file is None) == (self.files is None):
            raise ValueError("een bron heeft file of files, een van beide")
        if self.id in DEVICES:
            raise ValueError(f"'{self.id}' is in Windows een gereserveerde naam")
        if self.sha256 is not None and self.files is not None:
            raise ValueError("sha256 hoort bij file, niet bij een reeks (files)")
        if self.margins is not None and self.weight is not None:
            raise ValueError("kies: margins (wij wegen) of weight (kant-en-klaar)")
        if self.duplicates is not None and self.kind != "municipalities":
            raise ValueError('duplicates hoort alleen bij kind = "municipalities"')
        if self.volumes is not None and (self.margins or self.weight):
            raise ValueError("kies: volumes, margins of weight om naar te wegen")
        if self.volumes is not None and self.invited is not None:
            raise ValueError("bij volumes staan de uitnodigingen in die bron")
        refuse(_count_faults(self))
        return self

    @model_validator(mode="after")
    def _says_what_it_holds(self) -> Self:
        if self.is_registration and (self.layout is None or self.questionnaire):
            raise ValueError(f'bij kind = "{self.kind}" hoort layout, geen vragenlijst')
        remarks = self.kind == "remarks"
        if remarks and (self.coding is None or self.questionnaire or self.layout):
            raise ValueError('bij kind = "remarks" hoort coding, geen vragenlijst')
        if self.coding is not None and not remarks:
            raise ValueError('coding hoort alleen bij kind = "remarks"')
        sample = (self.margins, self.strata, self.cluster, self.weight)
        if self.is_registration and self.remove:
            raise ValueError("remove kan alleen bij antwoorden met een volgnummer")
        if self.is_registration and any(each is not None for each in sample):
            raise ValueError("een registratie is geen steekproef: weeg haar niet")
        if remarks and any(each is not None for each in (*sample, self.population)):
            raise ValueError("gesprekken en opmerkingen wegen we niet")
        if self.is_registration and self.format.first_row is not None:
            raise ValueError("first_row hoort bij een bestand met een vragenlijst")
        if remarks or self.is_registration:
            return self
        if self.layout or not self.questionnaire:
            raise ValueError(f'bij kind = "{self.kind}" hoort questionnaire')
        return self

    @property
    def is_registration(self) -> bool:
        return self.kind in REGISTRATIONS

    @property
    def pattern(self) -> str:
        return self.file or self.files or ""


def _count_faults(source: Source) -> Iterator[Fault]:
    """Numbers of people that cannot all be true."""
    reached = source.invited
    if reached is not None and source.undeliverable is not None:
        reached -= source.undeliverable
        if reached < 0:
            yield ("undeliverable",), "er is meer onbestelbaar dan uitgenodigd"
            return
    if source.rows is not None and reached is not None and source.rows > reached:
        text = f"{source.rows} rijen bij {reached} bereikte uitgenodigden"
        yield ("rows",), text
    if source.population is None:
        return
    for name, number in (("rows", source.rows), ("invited", source.invited)):
        if number is not None and source.population < number:
            yield ("population",), f"population is kleiner dan {name} ({number})"


class Bridge(Definition):
    """Indicators that can be compared all the same, and in which domain."""

    indicators: tuple[Identifier, ...] = Field(min_length=1, strict=False)
    domain_now: Identifier
    domain_then: Identifier
    reason: Text


class Earlier(Definition):
    """An earlier measurement, and whether it can be compared (DESIGN §8.6)."""

    measurement: MeasurementKey
    comparable: bool
    reason: str = ""
    bridge: tuple[Bridge, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if not self.comparable and not self.reason.strip():
            raise ValueError("comparable = false vraagt om een reason")
        return self


class Measurement(Definition):
    """A *meting*. The key ``<owner>/<slug>`` is where its file stands.

    ``dimension``, ``reference_group`` and ``profiles`` belong to a benchmark;
    ``profiles`` is ``all`` or a list of codes (see :mod:`.benchmark`). A ``correction``
    makes a next version of the report.
    """

    NOT_IN_FILE: ClassVar[frozenset[str]] = frozenset({"owner", "slug"})

    owner: Slug
    slug: Slug
    title: Text
    study: StudyKind
    municipality: GemeenteCode | None = None
    place: Text | None = None
    wave: int = Field(default=0, ge=0)
    synthetic: bool = False
    published: date
    retain_until: date
    commissioner: Text
    status: Status
    report: ReportInfo = ReportInfo()
    privacy: Privacy | None = None
    fieldwork: Fieldwork
    source: tuple[Source, ...] = Field(min_length=1, strict=False)
    earlier: tuple[Earlier, ...] = Field(default=(), strict=False)
    norm: tuple[ServiceNorm, ...] = Field(default=(), strict=False)
    chart: ChartPlan | None = None
    protocol: Protocol | None = None
    dimension: tuple[Dimension, ...] = Field(default=(), strict=False)
    reference_group: tuple[ReferenceGroup, ...] = Field(default=(), strict=False)
    profiles: tuple[Text, ...] = Field(default=(), strict=False)
    disclosure: DisclosurePolicy = DisclosurePolicy()
    correction: tuple[Correction, ...] = Field(default=(), strict=False)
    parameters: dict[Identifier, Scalar] = Field(default_factory=dict)
    notebooks: dict[Literal["clean", "analyse", "report", "profile"], str] = Field(
        default_factory=dict
    )

    @field_validator("profiles", mode="before")
    @classmethod
    def _all_is_a_list_too(cls, value: object) -> object:
        return [value] if value == EVERY_PROFILE else value

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        refuse(
            (
                *_place_faults(self),
                *_date_faults(self),
                *_source_faults(self),
                *benchmark_faults(self),
                *_chart_faults(self),
                *correction_faults(self.correction, self.published),
                *protocol_faults(self),
            )
        )
        return self

    @property
    def key(self) -> str:
        """``<owner>/<slug>``, used everywhere: path, manifest, log line."""
        return f"{self.owner}/{self.slug}"

    @property
    def sources(self) -> Mapping[str, Source]:
        return {each.id: each for each in self.source}

    @property
    def version(self) -> int:
        """Of the report: 1, and one more with each round of corrections."""
        return version_of(self.correction)

    @property
    def wave_name(self) -> str:
        """*0-meting*, *1-meting*, …"""
        return f"{self.wave}-meting"

    @property
    def protocol_source(self) -> Source | None:
        """The source that the declared protocol is about."""
        if self.protocol is None:
            return None
        surveys = {each.id: each for each in self.source if each.kind == "survey"}
        return surveys.get(self.protocol.source or next(iter(surveys), ""))

    @property
    def has_sampling_error(self) -> bool:
        """Whether its answers have a sampling distribution (DESIGN §8.2, 8.3)."""
        return self.fieldwork.recruitment in ("random-sample", "panel", "intercept")


def _place_faults(measurement: Measurement) -> Iterator[Fault]:
    code, owner = measurement.municipality, measurement.owner
    if code is not None and measurement.place is not None:
        yield ("place",), "kies municipality (GM-code) of place, niet allebei"
    elif code is not None and not owner.startswith(f"{code.lower()}-"):
        yield ("municipality",), f"de map heet '{owner}' en hoort niet bij {code}"
    elif code is None and re.match(r"gm[0-9]{4}-", owner):
        yield (), f"municipality ontbreekt; de map heet '{owner}'"
    for name in (owner, measurement.slug):
        if name in DEVICES:
            yield (), f"'{name}' is in Windows een gereserveerde naam"


def _date_faults(measurement: Measurement) -> Iterator[Fault]:
    if measurement.retain_until < measurement.fieldwork.end:
        yield ("retain_until",), "retain_until ligt voor het einde van het veldwerk"
    if measurement.published < measurement.fieldwork.end:
        yield ("published",), "published ligt voor het einde van het veldwerk"
    last = max([measurement.published, *(e.date for e in measurement.correction)])
    for index, source in enumerate(measurement.source):
        if source.delivery is not None and source.delivery.received > last:
            at = ("source", index, "delivery", "received")
            yield at, "het bestand is ontvangen na de datum van het rapport"


def _source_faults(measurement: Measurement) -> Iterator[Fault]:
    names = [each.id for each in measurement.source]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield ("source", index, "id"), f"bron '{name}' staat er twee keer"
    keys = [each.measurement for each in measurement.earlier]
    for index, earlier in enumerate(measurement.earlier):
        if earlier.measurement == measurement.key:
            at = ("earlier", index, "measurement")
            yield at, "een meting is niet haar eigen voorganger"
        if earlier.measurement in keys[:index]:
            at = ("earlier", index, "measurement")
            yield at, f"voorganger '{earlier.measurement}' staat er twee keer"


def _chart_faults(measurement: Measurement) -> Iterator[Fault]:
    """A continuous measurement has a baseline, and no other has."""
    chart, fieldwork = measurement.chart, measurement.fieldwork
    if (measurement.study == "continuous") != (chart is not None):
        yield ("chart",), '[chart] hoort bij study = "continuous", en alleen daarbij'
    if chart is None:
        return
    if chart.baseline_start < fieldwork.start or chart.baseline_end > fieldwork.end:
        yield ("chart", "baseline_start"), "de basisperiode valt buiten het veldwerk"
    kinds = {each.id: each.kind for each in measurement.source}
    for index, source in enumerate(measurement.source):
        if source.volumes is not None and kinds.get(source.volumes) != "volumes":
            text = f"'{source.volumes}' is geen bron met kind = \"volumes\""
            yield ("source", index, "volumes"), text


class Study(Definition):
    """A measurement with everything its folder defines, read and checked as one.

    ``place_name`` is the official name of the municipality, or the declared place.
    ``questionnaires``, ``layouts`` and ``schemes`` are keyed by source; each source is
    in one of them. ``quotes`` are the words of respondents that somebody ticked.
    ``margins`` holds, per source, variable → category → count. ``texts`` maps a slot
    to the author's own words (markdown). ``waves`` tells how questions of earlier
    measurements relate to those of this one.
    """

    measurement: Measurement
    place_name: Text
    questionnaires: dict[str, Questionnaire]
    layouts: dict[str, RecordLayout] = Field(default_factory=dict)
    schemes: dict[str, CodingScheme] = Field(default_factory=dict)
    margins: dict[str, dict[str, dict[str, float]]] = Field(default_factory=dict)
    claims: tuple[Claim, ...] = Field(default=(), strict=False)
    waves: WaveMap = WaveMap()
    recommendations: tuple[Recommendation, ...] = Field(default=(), strict=False)
    texts: dict[str, str] = Field(default_factory=dict)
    quotes: tuple[QuoteDecision, ...] = Field(default=(), strict=False)

    @property
    def key(self) -> str:
        return self.measurement.key

    @property
    def surveys(self) -> tuple[Source, ...]:
        """Sources of answers or observations, as declared; registrations have a layout.

        A review of documents has a form as well, but its rows are norms; volumes have
        one, and their rows are counts.
        """
        return tuple(
            each
            for each in self.measurement.source
            if each.id in self.questionnaires
            and each.kind not in ("documents", "volumes")
        )

    @property
    def reviews(self) -> tuple[str, ...]:
        """Sources whose rows are norms that documents were held against."""
        return tuple(
            each.id for each in self.measurement.source if each.kind == "documents"
        )
