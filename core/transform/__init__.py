"""The transform language: `FIELD = EXPRESSION`, one line that changes a field of many contacts.

`parser.parse` reads a line, `evaluate.Transform` changes one contact, fields are read and written by `targets`, and
what can be done to a value is an entry in the table of `verbs`. Nothing of it is imported before somebody transforms.
"""
