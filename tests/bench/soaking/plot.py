"""The samples as a picture."""

from pathlib import Path

import pygal
from pygal.style import CleanStyle

from tests.bench.soaking.samples import KINDS, Samples


def plot(samples: Samples, path: Path, *, title: str) -> None:
    """One chart of each kind with a line for each process: `soak-memory.svg` and so on."""
    for kind in KINDS:
        chart = pygal.XY(
            title=f"{kind.name} ({kind.unit}), {title}",
            x_title="minutes",
            stroke=True,
            show_dots=False,
            style=CleanStyle,
            js=(),
            width=1000,
            height=520,
        )
        for name, line in sorted(samples.lines(kind).items()):
            chart.add(name, [(at / 60, value) for at, value in line])
        chart.render_to_file(str(path.with_name(f"{path.stem}-{kind.name}{path.suffix}")))
