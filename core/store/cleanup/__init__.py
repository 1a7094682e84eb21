"""What could be cleaned in a book, kept in the book itself."""
