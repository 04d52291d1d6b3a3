"""The shell of our own plain pages: the catalogue and the *controlerapport*.

Accessible, complete without script, nothing from elsewhere; the same bytes for the same
content.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from kcc_research.reporting.html_markup import CONTENT_SECURITY_POLICY

# Contrast on white: text 17.4, grey 7.0, link 6.6, warm 7.4 (WCAG asks 4.5).
_STYLE = """
*, ::before, ::after { box-sizing: border-box; }
html { font-size: 106.25%; }
body { margin: 0; color: #1b1b1b; background: #fff; line-height: 1.6;
  overflow-wrap: break-word;
  font-family: "Segoe UI", system-ui, Roboto, "DejaVu Sans", Arial, sans-serif; }
header { padding: 2.5rem 1.5rem 2rem; color: #fff; background: #154273; }
header > *, main, footer { max-width: 66rem; margin: 0 auto; }
h1 { margin: 0; line-height: 1.25; font-size: clamp(1.6rem, 1.2rem + 2vw, 2.4rem); }
main { padding: 1.5rem; }
footer { padding: 1rem 1.5rem 3rem; color: #595959; font-size: .9rem; }
a { color: #0a5ea8; }
:focus-visible { outline: 3px solid #d55e00; outline-offset: 3px; }
main:focus { outline: none; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: #fff; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; line-height: 1.4; }
caption { padding: 0 0 .75rem; text-align: left; font-weight: 700; color: #154273; }
th, td { padding: .6rem .75rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid #c8d3df; }
thead th { color: #154273; background: #e8f0f8; border-top: 2px solid #154273; }
tbody th { font-weight: 600; min-width: 12rem; }
ul { margin: 0; padding: 0; list-style: none; }
.mark { display: block; font-weight: 400; font-size: .875rem; color: #9a4100; }
@media (max-width: 40rem) { main { padding: 1rem; } th, td { padding: .4rem .5rem; } }
@media print { header { color: #154273; background: none; } .skip { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; } }
""".strip()


MARK = '<meta name="generator" content="kcc_research">'
"""By which a page of ours is known, and another is left alone."""


def render(
    title: str,
    main: Iterable[str],
    *,
    skip: str,
    footer: str = "",
    style: str = "",
    script: str = "",
) -> str:
    """A page around ``main``, lines of finished HTML.

    ``skip`` is what the link past the header says. ``style`` comes after the style of
    all pages. ``script`` is our own: the policy lets it run by its hash, and no other.
    """
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="nl">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy(script)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            MARK,
            f"<title>{escape(title)}</title>",
            f"<style>\n{_STYLE}\n{style}</style>",
            "</head>",
            "<body>",
            f'<a class="skip" href="#inhoud">{escape(skip)}</a>',
            f"<header><h1>{escape(title)}</h1></header>",
            '<main id="inhoud" tabindex="-1">',
            *main,
            "</main>",
            f"<footer><p>{escape(footer or 'Gemaakt met kcc_research.')}</p></footer>",
            *([f"<script>{script}</script>"] if script else []),
            "</body>",
            "</html>",
            "",
        )
    )


def policy(script: str) -> str:
    """The content security policy of a page with this one inline script, or none.

    The hash is that of CSP Level 3, section 6.7.3.3: sha256 over the text between the
    tags, in base64.
    """
    if not script:
        return CONTENT_SECURITY_POLICY
    digest = hashlib.sha256(script.encode()).digest()
    return (
        f"{CONTENT_SECURITY_POLICY}; "
        f"script-src 'sha256-{base64.b64encode(digest).decode()}'"
    )
