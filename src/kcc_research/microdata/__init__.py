"""From a raw survey file to checked rows: read strictly, refuse, never guess.

``survey.load_survey`` is the whole way in one call: reading (csv, xlsx, sav) →
checking (against the questionnaire, every problem at once) → cleaning (the responses
frame and the cleaning log).
"""
