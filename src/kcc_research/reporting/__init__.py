"""Protected estimates → figures, tables, sentences, and accessible HTML and PDF."""
