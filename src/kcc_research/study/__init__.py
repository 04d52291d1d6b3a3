"""What is measured: frozen models of measurements and questionnaires, no data."""
