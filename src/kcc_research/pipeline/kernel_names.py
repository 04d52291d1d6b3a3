"""Names that the runner and a kernel share; apart, so neither imports the other."""

STAGING_VARIABLE = "KCC_STAGING"
STAGE_VARIABLE = "KCC_STAGE"
ACCOUNT_FILE = "inputs.json"
MEMORY_VARIABLE = "KCC_KERNEL_BYTES"

GUARDED_STAGES = ("clean", "analyse")
"""Stages whose notebooks read rows of persons, and are kept once they ran."""

SHOWN = "kcc_shown"
"""Metadata of an output that the kernel let through: how it was judged."""

TOLD, ROWS = "told", "rows"
