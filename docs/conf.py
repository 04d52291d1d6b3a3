"""Sphinx's settings for the documentation site: ``make docs``.

The site is built from a copy that ``scripts/build_docs.py`` makes, with the reference
pages in it; this file goes along. Nothing here loads anything from elsewhere.
"""

from docutils import nodes

import kcc_research

project = "kcc_research"
author = "the authors of kcc_research"
release = version = kcc_research.__version__
language = "en"
extensions = ["sphinx.ext.autodoc", "myst_nb"]
exclude_patterns = ["_build"]
suppress_warnings = ["myst.header"]

# Signatures as people call them; types stand in the docstrings where they matter.
autodoc_typehints = "none"
autodoc_preserve_defaults = True
add_module_names = False
python_use_unqualified_type_names = True

myst_enable_extensions = ["attrs_block"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 180
nb_merge_streams = True

html_theme = "pydata_sphinx_theme"
html_title = "kcc_research"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_theme_options = {
    "navbar_start": ["navbar-logo"],
    "navbar_end": ["theme-switcher"],
    # By its picture: beside the words of the other one stands a key, which is not in
    # what a screen reader calls it (WCAG 2.5.3).
    "navbar_persistent": ["search-button"],
    "show_prev_next": False,
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
    "header_links_before_dropdown": 4,
}

DUTCH: tuple[str, ...] = ()
"""Pages in Dutch; the copy that is built from fills it in."""


def _in_its_language(app, name, template, context, doctree):
    """A screen reader must know in which language to read a page."""
    if name in DUTCH:
        context["language"] = "nl"


def _name_no_empty_heads(app, doctree, name):
    """The corner of a frame that pandas shows is no heading: it has no words."""
    for output in doctree.findall(nodes.raw):
        if output.get("format") == "html":
            text = output.astext().replace("<th></th>", "<td></td>")
            output.children = [nodes.Text(text)]


def setup(app):
    app.connect("doctree-resolved", _name_no_empty_heads)
    app.connect("html-page-context", _in_its_language)
