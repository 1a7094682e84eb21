"""`--linear`: the program as lines that are only ever appended, for the terminal of a screen reader.

::

    driver.py    LinearDriver: keys come in as ever; no frame goes out
    scene.py     what there is to say: the screen, what its focus is on, what changed, which keys there are
    narrator.py  Narrator: says what is new as soon as the keys rest

The screens are those that everybody uses, laid out for a wide terminal, so that nothing is cut; nobody sees them.
"""
