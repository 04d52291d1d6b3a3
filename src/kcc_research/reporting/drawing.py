"""A drawing in two forms that show the same: an SVG, and a PNG painted from it.

The report takes the SVG; the PNG is for Word and for websites that take nothing else
(PUB-G1). Painting the SVG costs less than half of drawing everything once more.
"""

from __future__ import annotations

import base64
import functools
import io
import struct
from typing import TYPE_CHECKING, Any

from kcc_research.reporting import style
from kcc_research.reporting.typst_markup import literal

if TYPE_CHECKING:
    import matplotlib.figure
    from matplotlib.transforms import Bbox

PNG_DPI = 200
_HEADER_BYTES = 33  # of a PNG: its signature and its first chunk
_SVG_DPI = 72
_PADDING = 0.05  # inches around a figure


def draw(image: matplotlib.figure.Figure, *, synthetic: bool = False) -> dict[str, str]:
    """The drawing as SVG and as PNG (base64), in the same bytes every time.

    Closes the figure. ``synthetic`` writes *VERZONNEN GEGEVENS* behind the data.
    """
    import matplotlib.pyplot

    with style.apply():
        style.localise(image)
        if synthetic:
            style.mark_synthetic(image)
        svg = _svg(image)
    matplotlib.pyplot.close(image)
    png = base64.b64encode(painted(svg)).decode()
    return {"image/svg+xml": svg, "image/png": png}


def painted(svg: str) -> bytes:
    """The SVG as PNG on white, at :data:`PNG_DPI`."""
    import typst

    page = "#set page(width: auto, height: auto, margin: 0pt, fill: white)"
    source = f'{page}\n#image(bytes({literal(svg)}), format: "svg")'
    made: bytes = typst.compile(
        source.encode(), format="png", ppi=PNG_DPI, font_paths=_no_fonts()
    )
    return _with_resolution(made)


def _with_resolution(png: bytes) -> bytes:
    """The picture that says how many dots go into an inch, which a page needs."""
    from PIL.PngImagePlugin import putchunk

    a_metre = round(PNG_DPI / 0.0254)
    target = io.BytesIO()
    target.write(png[:_HEADER_BYTES])
    putchunk(target, b"pHYs", struct.pack(">IIB", a_metre, a_metre, 1))
    target.write(png[_HEADER_BYTES:])
    return target.getvalue()


@functools.cache
def _no_fonts() -> Any:
    """Letters are outlines in our drawings; no machine's fonts may get into them."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[]
    )


def _svg(image: matplotlib.figure.Figure) -> str:
    # What tight_layout leaves behind would make savefig draw everything once in vain.
    image.set_layout_engine(None)
    target = io.StringIO()
    image.savefig(
        target,
        format="svg",
        bbox_inches=_tight(image),
        metadata={"Date": None, "Creator": None},
    )
    return target.getvalue()


def _tight(image: matplotlib.figure.Figure) -> Bbox:
    """The part of the drawing with something on it, in inches.

    matplotlib's own ``bbox_inches="tight"`` finds the same, after drawing all of it
    once more in vain.
    """
    from matplotlib.backends.backend_svg import RendererSVG

    usual = image.dpi
    image.dpi = _SVG_DPI
    try:
        size = image.bbox.size
        renderer: Any = RendererSVG(*size, io.StringIO(), image_dpi=_SVG_DPI)  # type: ignore[no-untyped-call]
        return image.get_tightbbox(renderer).padded(_PADDING)
    finally:
        image.dpi = usual
