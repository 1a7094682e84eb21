"""How fast Coterie is, beside the floor of each thing: `uv run python -m benchmarks`. See docs/performance.md."""
