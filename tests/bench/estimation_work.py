"""The candidate of group "estimation": k indicators in every group of a breakdown.

    python estimation_work.py data.csv answers.csv complete|missing repeats

One process, as the reference is; prints the CPU seconds of one piece of work. Missing
answers make no difference to what is called.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from kcc_research.estimation.design import survey_design
from kcc_research.estimation.estimate import group_masks, mean_within
from kcc_research.estimation.grouping import FloatArray
from kcc_research.estimation.interval import t_interval


def work(data: pd.DataFrame) -> FloatArray:
    """Estimate, standard error and interval; rows by breakdown, indicator, group."""
    values = data.filter(regex="^y").to_numpy(dtype=float)
    design = survey_design(data, weights="w", strata="h")
    found = [_groups(design, values, by) for by in data.filter(regex="^b")]
    return np.concatenate(found)


def _groups(design, values, by):
    labels, masks = group_masks(design, by)
    answers = np.empty((values.shape[1], len(labels), 4))
    for at, mask in enumerate(masks.T):
        found = mean_within(design, values, mask)
        low, high = t_interval(found.value, found.std_error, found.df("full"))
        answers[:, at] = np.column_stack([found.value, found.std_error, low, high])
    return answers.reshape(-1, 4)


def main(data_path: str, answers_path: str, _: str, repeats: str) -> None:
    data = pd.read_csv(data_path)
    work(data.head(700))  # not timed, as in the reference
    before = time.process_time()
    for _round in range(int(repeats)):
        answers = work(data)
    spent = time.process_time() - before
    np.savetxt(answers_path, answers, fmt="%.17g", delimiter=",")
    print(spent / int(repeats))


if __name__ == "__main__":
    main(*sys.argv[1:])
