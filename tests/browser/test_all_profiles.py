"""The page of every municipality of the benchmark; too many for each change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import looking
from tests.browser.chromium import PHONE, opened, unfold
from tests.browser.gathering import done
from tests.workspaces import BENCHMARK, fresh_copy

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def profiles(tmp_path_factory) -> list[Path]:
    root = fresh_copy(tmp_path_factory.mktemp("profiles"), BENCHMARK)
    file = root / "studies" / BENCHMARK / "measurement.toml"
    lines = file.read_text("utf-8").splitlines()
    every = ['profiles = "all"' if x.startswith("profiles") else x for x in lines]
    file.write_text("\n".join(every), "utf-8")
    done(root, "run", BENCHMARK)
    return sorted((root / "outputs" / BENCHMARK / "profiles").glob("*.html"))


def test_every_page_of_a_municipality(desk, profiles) -> None:
    assert len(profiles) == 342
    desk.set_viewport_size(PHONE)
    faults = {}
    for file in profiles:
        unfold(opened(desk, file))
        faults[file.name] = looking.axe(desk) + looking.too_wide(desk)
    assert {name: found for name, found in faults.items() if found} == {}
