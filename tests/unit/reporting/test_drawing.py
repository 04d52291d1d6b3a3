"""Pictures of a report: the same bytes every time, and a PNG that shows the SVG."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from kcc_research.reporting import drawing, style


def _opened(png: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(png)))


def test_drawing_gives_the_same_bytes_twice_and_no_traces(make_figure) -> None:
    first = drawing.draw(make_figure().image, synthetic=True)
    second = drawing.draw(make_figure().image, synthetic=True)
    assert first == second
    svg = first["image/svg+xml"]
    assert "<dc:date>" not in svg
    assert "Matplotlib v" not in svg
    assert "<text" not in svg  # letters are paths
    png = _opened(first["image/png"])
    assert png.info["dpi"] == pytest.approx((200, 200), abs=0.1)
    assert set(png.info) == {"dpi"}


def test_drawing_closes_the_figure(make_figure) -> None:
    image = make_figure().image
    drawing.draw(image)
    assert image.number not in plt.get_fignums()


def test_png_shows_what_matplotlib_would_paint(make_figure) -> None:
    target = io.BytesIO()
    with style.apply():
        image = make_figure().image
        style.localise(image)
        image.savefig(target, format="png", bbox_inches="tight", pad_inches=0.05)
        plt.close(image)
    png = _opened(drawing.draw(make_figure().image)["image/png"])
    theirs = Image.open(target).convert("L")
    assert np.abs(np.subtract(png.size, theirs.size)).max() <= 3
    # Edges are softened in another way by each painter, so look from further away.
    small = tuple(side // 16 for side in theirs.size)
    ours, other = (
        np.asarray(e.convert("L").resize(small), float) for e in (png, theirs)
    )
    assert other.min() < 200  # there is something on it
    assert np.abs(ours - other).mean() < 2
    assert np.corrcoef(ours.ravel(), other.ravel())[0, 1] > 0.98


def test_png_is_white_where_nothing_is_drawn(make_figure) -> None:
    png = _opened(drawing.draw(make_figure().image)["image/png"]).convert("RGBA")
    assert png.getpixel((0, 0)) == (255, 255, 255, 255)
