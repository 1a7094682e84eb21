"""The floors: the least code that does equal work, one script each, written by hand and as fast as we know how."""
