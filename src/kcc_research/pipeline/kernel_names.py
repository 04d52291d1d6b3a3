"""Names that the runner and a kernel share; apart, so neither imports the other."""

STAGING_VARIABLE = "KCC_STAGING"
STAGE_VARIABLE = "KCC_STAGE"
ACCOUNT_FILE = "inputs.json"
MEMORY_VARIABLE = "KCC_KERNEL_BYTES"
