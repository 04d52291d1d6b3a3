"""F1–F13: study file, parameters and names."""

from __future__ import annotations

import shutil

from tests.faults.bench import KEY, Bench
from tests.faults.corpus import MEASUREMENT, Fault, Proof
from tests.workspaces import ASSURANCE

EXPIRED = "gm0501-brielle/2023-balie"
CODE = "x=1\\nopen('PWNED','w')\\ny"
LONG = "a" * 61


def quotes_survive(bench: Bench) -> str:
    page = (bench.outputs / KEY / "report.html").read_text(encoding="utf-8")
    shown = "Meting \"balie\" en 'loket' \\ &lt;b&gt;{x}&lt;/b&gt;"
    assert shown in page.replace("&#34;", '"').replace("&#39;", "'").replace(
        "&quot;", '"'
    ).replace("&#x27;", "'")
    return "The title as it was written, on the page and in the title of the window."


def parameter(line: str):
    return lambda bench: bench.append(f"[parameters]\n{line}\n")


def yaml_instead(bench: Bench) -> None:
    bench.measurement.rename(bench.measurement.with_suffix(".yaml"))


def bomb(bench: Bench) -> None:
    bench.append(f"# {'a' * 70_000}\n")


def outside(bench: Bench) -> None:
    secret = bench.root.parent / "geheim.toml"
    bench.questionnaire.rename(secret)
    bench.questionnaire.symlink_to(secret)


def long_name(bench: Bench) -> None:
    shutil.copytree(bench.study, bench.root / "studies" / LONG / "2024-balie")


def unknown_municipality(bench: Bench) -> None:
    bench.municipality("Voorbeeldgemeente 1 000")


def expired(bench: Bench) -> None:
    folder = bench.root / "studies" / EXPIRED
    shutil.copytree(bench.study, folder)
    text = bench.measurement.read_text(encoding="utf-8")
    text = text.replace('place = "Teststad"', 'municipality = "GM0501"')
    text = text.replace("start = 2024-01-08", "start = 2023-01-08")
    (folder / "measurement.toml").write_text(text, encoding="utf-8")


FAULTS: tuple[Fault | Proof, ...] = (
    Proof(
        "F1",
        "A title with quotes, a backslash, braces and markup",
        quotes_survive,
    ),
    Fault(
        "F1",
        "A title with a NUL in it",
        lambda bench: bench.define('title = "Meting', 'title = "\\u0000Meting'),
        "KCC-C001",
        MEASUREMENT,
        "1",
        "title",
    ),
    Fault(
        "F1",
        "A title with a line separator (U+2028)",
        lambda bench: bench.define('title = "Meting', 'title = "\u2028Meting'),
        "KCC-C001",
        MEASUREMENT,
        "1",
        "title",
    ),
    Fault(
        "F2",
        "Code in the name of a parameter",
        parameter(f'"{CODE}" = 1'),
        "KCC-C002",
        MEASUREMENT,
        "23",
        "parameters.x=1\\nopen('PWNED','w')\\ny",
    ),
    Fault(
        "F2",
        "Code in the name of a parameter of the call",
        lambda bench: None,
        "KCC-R053l",
        call=("run", KEY, "--set", "x=1\nopen('PWNED','w')\ny=1"),
        exit=2,
    ),
    Fault(
        "F3",
        "A mistyped key of the measurement",
        lambda bench: bench.define("commissioner", "comissioner"),
        "KCC-C003",
        MEASUREMENT,
        "8",
        "comissioner",
    ),
    Fault(
        "F3",
        "A mistyped parameter",
        parameter("sede = 3"),
        "KCC-C003",
        MEASUREMENT,
        "24",
        "parameters.sede",
    ),
    Fault(
        "F4",
        "Text where a number belongs",
        parameter('seed = "10"'),
        "KCC-C004",
        MEASUREMENT,
        "24",
        "parameters.seed",
    ),
    Fault(
        "F4",
        "Text where a number belongs, in the measurement itself",
        lambda bench: bench.define("wave = 1", 'wave = "1"'),
        "KCC-C004",
        MEASUREMENT,
        "4",
        "wave",
    ),
    Fault(
        "F5",
        "A date as a parameter",
        parameter("seed = 2024-01-01"),
        "KCC-C005",
        MEASUREMENT,
        "24",
        "parameters.seed",
    ),
    Fault(
        "F6",
        "A code without quotation marks: 0363",
        lambda bench: bench.define('place = "Teststad"', "municipality = 0363"),
        "KCC-C006",
        MEASUREMENT,
        "3",
    ),
    Fault(
        "F6",
        "A code that is no GM-code",
        lambda bench: bench.define('place = "Teststad"', 'municipality = "363"'),
        "KCC-C006a",
        MEASUREMENT,
        "3",
        "municipality",
    ),
    Fault(
        "F7",
        "A definition in YAML",
        yaml_instead,
        "KCC-C007",
        f"studies/{KEY}/measurement.yaml",
    ),
    Fault("F8", "A definition of 70 kB", bomb, "KCC-C008", MEASUREMENT),
    Fault(
        "F8",
        "Brackets within brackets, a thousand deep",
        lambda bench: bench.append(f"x = {'[' * 1000}{']' * 1000}\n"),
        "KCC-C008a",
        MEASUREMENT,
        "23",
    ),
    Fault(
        "F9",
        "A key that stands there twice",
        lambda bench: bench.define("wave = 1", 'wave = 1\nplace = "Elders"'),
        "KCC-C009",
        MEASUREMENT,
        "5",
        "place",
    ),
    Fault(
        "F10",
        "A file outside the folder of the measurement",
        lambda bench: bench.define('file = "antw', 'file = "../../antw'),
        "KCC-C004d",
        MEASUREMENT,
        "18",
        "source.file",
    ),
    Fault(
        "F10",
        "A questionnaire that is a link to a file elsewhere",
        outside,
        "KCC-C010c",
        MEASUREMENT,
        "20",
        "source.questionnaire",
    ),
    Fault(
        "F10",
        "A key that leads outside the workspace",
        lambda bench: None,
        "KCC-R053i",
        call=("check", "../../x"),
        exit=2,
    ),
    Fault(
        "F11",
        "A source named after a device of Windows",
        lambda bench: bench.define('id = "balie"', 'id = "con"'),
        "KCC-C004c",
        MEASUREMENT,
        "15",
        "source",
    ),
    Fault(
        "F11",
        "An owner of 61 characters",
        long_name,
        "KCC-R053p",
        f"studies/{LONG}/2024-balie",
        call=("check",),
        exit=0,
    ),
    Fault(
        "F12",
        "A municipality that is not in the register",
        unknown_municipality,
        "KCC-C012",
        f"data/raw/{ASSURANCE}/gemeenten.xlsx, blad 'Antwoorden'",
        "2",
        "gemeente (kolom D)",
        call=("check", ASSURANCE),
    ),
    Fault(
        "F13",
        "A municipality that had merged into another",
        expired,
        "KCC-C013",
        f"studies/{EXPIRED}/measurement.toml",
        "3",
        "municipality",
        call=("check", EXPIRED),
    ),
)
