"""Plans carried out, with a journal entry each; what the journal tells; undo and redo."""
