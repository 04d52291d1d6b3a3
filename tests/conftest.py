"""For every test: no test fails because the machine is busy."""

from hypothesis import settings

settings.register_profile("kcc", deadline=None)
settings.load_profile("kcc")
