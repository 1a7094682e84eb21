"""The parts of the screens. A widget knows nothing of the screen it stands on: it shows values and posts messages."""
