"""Names that the runner and a kernel share; apart, so neither imports the other."""

STAGING_VARIABLE = "KCC_STAGING"
ACCOUNT_FILE = "inputs.json"
