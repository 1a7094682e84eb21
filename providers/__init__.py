"""The outside world adapted to the port in core/provider.py."""
