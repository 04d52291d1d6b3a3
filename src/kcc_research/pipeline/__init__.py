"""Running notebooks: plan, execute, store, verify.

Empty on purpose, so that nothing is imported before it is needed.
"""
