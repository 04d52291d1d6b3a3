"""The page of ``kcc handover``: what whoever takes over a measurement has to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from kcc_research.reporting import page


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter: sentences, then facts (label, value), points, lines to type.

    ``blanks`` are what only a person knows: each gets a line to fill in.
    """

    heading: str
    sentences: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    points: Sequence[str] = ()
    lines: Sequence[str] = ()
    blanks: Sequence[str] = field(default=())


_STYLE = """
h2 { margin: 2.5rem 0 .75rem; color: #154273; }
.points { margin: 0 0 1rem 1.25rem; list-style: disc; }
.points li { margin: .35rem 0; }
.blanks { margin: 1rem 0; }
.blanks li { margin: 0 0 1.5rem; padding-bottom: 1.25rem;
  border-bottom: 1px dotted #595959; }
pre { padding: .75rem 1rem; overflow-x: auto; background: #f4f6f8; }
td, th { overflow-wrap: anywhere; }
.facts tbody th { width: 18rem; }
.facts caption { position: absolute; width: 1px; height: 1px; padding: 0;
  overflow: hidden; clip-path: inset(50%); }
""".strip()


def render(title: str, key: str, sections: Sequence[Section]) -> str:
    """The page; ``key`` is that of the measurement."""
    return page.render(
        f"Overdracht: {title}",
        _main(sections),
        skip="Naar wat u moet weten",
        footer=f"Gemaakt met kcc_research, kcc handover {key}.",
        style=_STYLE,
    )


def _main(sections: Sequence[Section]) -> Iterator[str]:
    yield (
        "<p>Dit blad is voor wie deze meting overneemt. Het is voor intern gebruik: "
        "er staan geen antwoorden van mensen in en geen sleutels, wel wie wat "
        "beheert. Op een stippellijn vult de vertrekkende onderzoeker in wat alleen "
        "zij of hij weet.</p>"
    )
    for each in sections:
        yield f"<h2>{escape(each.heading)}</h2>"
        yield from (f"<p>{escape(words)}</p>" for words in each.sentences)
        if each.facts:
            yield from _facts(each)
        if each.points:
            yield _list("points", each.points)
        if each.lines:
            lines = "\n".join(each.lines)
            yield f'<pre tabindex="0"><code>{escape(lines)}</code></pre>'
        if each.blanks:
            yield _list("blanks", each.blanks)


def _facts(section: Section) -> Iterator[str]:
    name = escape(section.heading)
    yield (
        f'<section class="scroll" aria-label="{name}" tabindex="0">'
        f'<table class="facts"><caption>{name}</caption>\n<thead><tr>'
        '<th scope="col">Onderdeel</th><th scope="col">Wat er staat</th></tr></thead>'
        "\n<tbody>"
    )
    for label, value in section.facts:
        yield f'<tr><th scope="row">{escape(label)}</th><td>{escape(value)}</td></tr>'
    yield "</tbody></table></section>"


def _list(kind: str, words: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(each)}</li>\n" for each in words)
    return f'<ul class="{kind}">\n{items}</ul>'
