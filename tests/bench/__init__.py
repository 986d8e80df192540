"""Figures on request: real work, both sides in one run, in turn. They print; they judge nothing."""
