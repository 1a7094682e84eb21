"""Pictures of the screen as text, one file for each size and palette, which a person has looked at and approved.

uv run python -m tests.tui.pictures        # shows what differs, and asks whether each new picture is right
"""
