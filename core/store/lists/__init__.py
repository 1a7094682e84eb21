"""Lists of contacts at any size: their orders, searches in SQL, and what is offered while a search is typed."""
