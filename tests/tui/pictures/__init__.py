"""Pictures of every screen and dialog as text, in four sizes and three palettes, which a person looked at and approved.

just pictures                # takes all anew, shows what differs, and asks whether each is right
just pictures "contact form" # only this one
"""
