"""Pictures of every screen and dialog as text, in four sizes and three palettes, which a person looked at and approved.

Others are of further pages, without colors, in ASCII, of notices, and of the lines that `--linear` appends.

just pictures                # takes all anew, shows what differs, and asks whether each is right
just pictures "contact form" # only this one
"""
