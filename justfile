# What contributors do often; `just` lists it (https://just.systems).

_list:
    @just --list --unsorted

# Run the tests that are named, or all.
test *tests:
    uv run --frozen pytest -n auto {{tests}}

# Test what hangs on Textual and on terminals.
terminal:
    uv run --frozen pytest -n auto tests/tui/terminal tests/tui/program

# The same with the newest Textual: what will have to be done when it is raised.
newest-textual:
    .ci/newest-textual

# Check style, types and layers.
check:
    uv run --frozen ruff check .
    uv run --frozen ruff format --check .
    uv run --frozen mypy
    uv run --frozen lint-imports

# Mend what can be mended by itself.
fix:
    uv run --frozen ruff check --fix .
    uv run --frozen ruff format .

# Write the pages that are made from the code.
docs:
    uv run --frozen python -m coterie.tui.reference > docs/keys.md
    uv run --frozen python -m coterie.tui.commandline.reference

# Take the pictures of screens and dialogs anew, all or what is named; shows what differs and asks.
[positional-arguments]
pictures *names:
    uv run --frozen python -m tests.tui.pictures "$@"

# Measure, all or what is named (see benchmarks/).
bench *names:
    uv run --frozen python -m benchmarks {{names}}

# Count lines, files and the two journeys, for docs/house.md.
house:
    uv run --frozen python -m benchmarks.house --write

# Run all tests and say what no test reaches; takes three times as long. The report is in .coverage/html.
coverage *tests:
    uv run --frozen coverage erase
    -uv run --frozen coverage run -m pytest {{tests}}
    uv run --frozen coverage combine
    uv run --frozen coverage html --quiet
    uv run --frozen coverage report --skip-covered --sort=cover

# Play with the program, and kill it, for a while.
torment minutes="10" kills="500":
    uv run --frozen python -m tests.monkey --minutes {{minutes}}
    uv run --frozen python -m tests.kills --kills {{kills}}
