"""Dialogs: each asks one question and is typed by its answer; none knows who asked."""
