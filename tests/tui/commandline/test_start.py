import os
import pty
import select
import signal
import stat
import subprocess
import sys
import termios
import time
from array import array
from fcntl import ioctl
from importlib.metadata import version
from pathlib import Path

import pytest

from coterie.core.errors import InvalidInput
from coterie.tui.commandline.start import Start
from tests.tui.commandline.conftest import Command


def test_options_before_the_command_are_read() -> None:
    start = Start.read(["--demo", "--database", "x.db", "--config=c.toml", "--ascii", "list", "--json", "ada"])
    assert start.rest == ("list", "--json", "ada")
    assert start.settings == {"database_url": "x.db", "ascii": "true"}
    assert start.config == Path("c.toml")
    assert (start.demo, start.debug, start.version) == (True, False, False)


def test_an_option_after_the_command_belongs_to_the_command() -> None:
    assert Start.read(["list", "--demo"]).rest == ("list", "--demo")


def test_debug_may_stand_anywhere_but_behind_two_dashes() -> None:
    assert Start.read(["list", "--debug", "ada"]).debug
    assert Start.read(["list", "--debug", "ada"]).rest == ("list", "ada")
    assert not Start.read(["query", "--", "--debug"]).debug
    assert Start.read(["query", "--", "--debug"]).rest == ("query", "--", "--debug")


@pytest.mark.parametrize("arguments", [["--database"], ["--demo=yes"], ["--config"]])
def test_a_missing_or_needless_value_is_refused(arguments: list[str]) -> None:
    with pytest.raises(InvalidInput):
        Start.read(arguments)


def test_version(coterie: Command) -> None:
    assert coterie.ok("--version") == f"coterie {version('coterie')}\n"
    assert not coterie.book.exists()


def test_help_names_every_command_and_option_and_needs_no_valid_settings(coterie: Command) -> None:
    text = coterie.ok("--help", COTERIE_BIN_DAYS="soon")
    words = """--demo --debug --version list show add edit delete restore groups import export undo redo history
        duplicates query doctor"""
    assert [word for word in words.split() if word not in text] == []
    assert "\x1b" not in text
    assert "Usage: coterie list" in coterie.ok("list", "-h", COTERIE_BIN_DAYS="soon")


def test_without_a_terminal_the_screen_says_what_to_do_instead(coterie: Command) -> None:
    result = coterie.run()
    assert result.code == 2
    assert "coterie list" in result.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nonsense"], "No such command"),
        (["list", "--nope"], "No such option: --nope"),
        (["show"], "Missing argument"),
        (["list", "--limit", "many"], "--limit"),
        (["--database"], "--database needs a value"),
    ],
)
def test_wrong_usage_is_two_lines_and_exit_2(coterie: Command, arguments: list[str], sentence: str) -> None:
    result = coterie.run(*arguments)
    assert result.code == 2
    assert result.err.startswith("coterie: ")
    assert sentence in result.err
    assert len(result.err.splitlines()) == 2
    assert result.out == ""


def test_bad_settings_are_two_lines_and_exit_3(coterie: Command) -> None:
    result = coterie.run("list", COTERIE_BIN_DAYS="soon")
    assert result.code == 3
    assert result.err.splitlines() == [
        "coterie: The setting “bin_days” in the environment (COTERIE_BIN_DAYS) is “soon”.",
        "It must be a whole number from 0 to 36500.",
    ]


def test_a_file_that_is_no_book_is_exit_3(coterie: Command) -> None:
    (coterie.home / "photo.db").write_bytes(b"JFIF" * 5000)
    result = coterie.run("--database", "photo.db", "list")
    assert result.code == 3
    assert str(coterie.home / "photo.db") in result.err
    assert "Traceback" not in result.err


def test_a_database_that_does_not_answer_is_exit_3(coterie: Command) -> None:
    result = coterie.run("--database", "postgresql://ada:geheim@127.0.0.1:1/book", "list")
    assert result.code == 3
    assert "geheim" not in result.err
    assert "Traceback" not in result.err


def test_a_missing_contact_is_exit_1(coterie: Command) -> None:
    result = coterie.run("show", "nobody@example.org")
    assert result.code == 1
    assert "nobody@example.org" in result.err


def test_the_first_start_makes_private_files(coterie: Command) -> None:
    coterie.ok("list", "--json")
    assert stat.S_IMODE(coterie.book.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in coterie.book.parent.iterdir()} == {0o600}


def test_a_data_folder_that_others_could_read_is_tightened(coterie: Command) -> None:
    coterie.book.parent.mkdir(parents=True)
    coterie.book.parent.chmod(0o755)
    coterie.ok("list", "--json")
    assert stat.S_IMODE(coterie.book.parent.stat().st_mode) == 0o700


CRASH = """
import sys
import coterie.core.book
class Boom(Exception):
    def __str__(self): return "".join(self.args)
async def open(settings, **_): raise Boom("ada", "@example.org has the token ya", "29.secret")  # in parts
coterie.core.book.Book.open = open
from coterie.tui.__main__ import run
sys.exit(run(sys.argv[1:]))
"""


def crash(coterie: Command, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", CRASH, *arguments]
    return subprocess.run(
        command, env=coterie.environment, cwd=coterie.home, capture_output=True, text=True, check=False
    )


def test_an_unexpected_error_is_a_sentence_and_a_private_log_without_contents(coterie: Command) -> None:
    done = crash(coterie, "list")
    assert done.returncode == 1
    assert done.stderr.startswith("coterie: Something unexpected went wrong")
    assert str(coterie.log) in done.stderr
    assert "Traceback" not in done.stderr
    log = coterie.log.read_text()
    assert "Boom" in log
    assert "line 6, in open" in log
    assert "ada@example.org" not in log
    assert "ya29" not in log
    assert stat.S_IMODE(coterie.log.stat().st_mode) == 0o600


def test_debug_shows_the_traceback(coterie: Command) -> None:
    assert "Traceback" in crash(coterie, "list", "--debug").stderr


def test_a_pipe_that_closes_is_silent(people: Command) -> None:
    many = "Name,Email\n" + "\n".join(f"Person {i:05} {'x' * 60},p{i}@example.org" for i in range(3000))
    people.ok("import", "-", stdin=many)
    for command in ("list", "list --json", "export", "query person"):
        script = f"{' '.join(people.arguments())} {command} | head -1 >/dev/null; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(
            ["bash", "-c", script], env=people.environment, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        assert done.stdout == "141\n"


def test_ctrl_c_is_exit_130_without_a_traceback(people: Command) -> None:
    process = people.start("import", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin
    assert process.stderr
    process.stdin.write(b"Name,Email\n")
    process.stdin.flush()
    unread = array("i", [1])
    while unread[0] and process.poll() is None:
        time.sleep(0.01)
        ioctl(process.stdin, termios.FIONREAD, unread)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in err


def in_terminal(
    coterie: Command, *arguments: str, keys: bytes = b"", stop: int = 0, seconds: float = 15, **env: str
) -> tuple[int, str]:
    """The exit code and what the command writes in a terminal of 100 x 30.

    At its first question, or when the screen shows the book, it gets some keys or a signal.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(coterie.home)
        environment = coterie.environment | {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"} | env
        os.execve(sys.executable, coterie.arguments(*arguments), environment)
    seen = b""
    while select.select([terminal], [], [], seconds)[0]:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
        if (keys or stop) and (b"[y/N]" in seen or b"Lovelace" in seen):
            if stop:
                os.kill(pid, stop)
            os.write(terminal, keys)
            keys, stop = b"", 0
    deadline = time.monotonic() + seconds
    while (ended := os.waitpid(pid, os.WNOHANG)) == (0, 0) and time.monotonic() < deadline:
        time.sleep(0.01)
    if ended == (0, 0):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        pytest.fail(f"the command goes on forever; it wrote {seen[-2000:]!r}")
    status = ended[1]
    return os.waitstatus_to_exitcode(status), seen.decode()


def test_on_a_terminal_a_list_is_aligned_under_headings(people: Command) -> None:
    code, text = in_terminal(people, "list")
    assert code == 0
    heading, ada, grace, jose = text.replace("\r", "").splitlines()
    assert heading.startswith("Id")
    places = {heading.index("E-mail"), ada.index("ada@example.org"), grace.index("grace@"), jose.index("jose@")}
    assert len(places) == 1
    assert "\x1b" not in text


def test_on_a_narrow_terminal_no_line_wraps(people: Command) -> None:
    _, text = in_terminal(people, "list", COLUMNS="50", LINES="20")
    assert all(len(line) <= 50 for line in text.replace("\r", "").splitlines())


def test_a_change_asks_on_a_terminal(people: Command) -> None:
    code, text = in_terminal(people, "delete", "ada", keys=b"n\n")
    assert code == 1
    assert "Ada Lovelace" in text
    assert people.names("ada") == ["Ada Lovelace"]
    code, text = in_terminal(people, "delete", "ada", keys=b"y\n")
    assert code == 0
    assert people.names("--bin") == ["Ada Lovelace"]


def test_the_screen_opens_the_book_and_q_ends_it(people: Command) -> None:
    code, text = in_terminal(people, keys=b"q")
    assert code == 0
    assert "Grace" in text
    assert "\x1b[?1049l" in text, "the terminal is as it was"
    assert stat.S_IMODE((people.home / "state" / "coterie").stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_screen_in_order(people: Command, number: signal.Signals) -> None:
    code, text = in_terminal(people, stop=number)
    assert code == 128 + number
    assert "\x1b[?1049l" in text, "the terminal is as it was"
    assert "Traceback" not in text


def test_a_signal_ends_an_import_and_nothing_remains(people: Command) -> None:
    many = "Name,E-mail\n" + "".join(f"Person {n},p{n}@example.org\n" for n in range(60_000))
    (people.home / "many.csv").write_text(many)
    process = people.start("import", "many.csv", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    log = people.book.with_name("contacts.db-wal")
    deadline = time.monotonic() + 30
    while (
        not (log.exists() and log.stat().st_size > 100_000) and time.monotonic() < deadline and process.poll() is None
    ):
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (128 + signal.SIGTERM, b"", b"")
    assert len(people.json("list")) == 3


def test_warnings_of_libraries_go_into_the_log_and_not_to_the_terminal(tmp_path: Path) -> None:
    code = (
        "import sys, warnings; from pathlib import Path; from coterie.tui.commandline.funnel import start_log;"
        "start_log(Path(sys.argv[1])); warnings.warn('No more updates for this Python.', FutureWarning)"
    )
    log = tmp_path / "coterie.log"
    ended = subprocess.run([sys.executable, "-c", code, str(log)], capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("", "")
    assert "No more updates for this Python." in log.read_text()


def test_what_our_own_parts_tell_is_in_the_log(tmp_path: Path) -> None:
    code = (
        "import logging, sys; from pathlib import Path; from coterie.tui.commandline.funnel import start_log;"
        "start_log(Path(sys.argv[1])); logging.getLogger('coterie.tui.app').info('On ListScreen');"
        "logging.getLogger('httpx2').info('GET /me')"
    )
    log = tmp_path / "coterie.log"
    subprocess.run([sys.executable, "-c", code, str(log)], check=True)
    assert "On ListScreen" in log.read_text()
    assert "GET /me" not in log.read_text()


def test_a_book_may_lie_in_any_folder(coterie: Command) -> None:
    folder = coterie.home / "who?mode=ro#1%41 & ä;'\""
    coterie.ok("add", "--name=Ada", "--email=ada@example.org", COTERIE_DATABASE_URL=str(folder / "a?b.db"))
    assert "Ada" in coterie.ok("list", COTERIE_DATABASE_URL=str(folder / "a?b.db"))
    assert {entry.name for entry in coterie.home.iterdir() if entry.name.startswith("who")} == {folder.name}


@pytest.mark.parametrize(("ignored", "code"), [(False, -signal.SIGINT), (True, 0)])
def test_ctrl_c_while_the_program_is_loaded_is_silent(coterie: Command, ignored: bool, code: int) -> None:
    pressed = (
        "import os, signal, sys; from importlib.abc import MetaPathFinder\n"
        "class Press(MetaPathFinder):\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'coterie.tui.__main__': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Press()); sys.argv[1:] = ['--version']\n"
        f"if {ignored}: signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from coterie.tui.entry import main; main()"
    )
    ended = subprocess.run([sys.executable, "-c", pressed], capture_output=True, env=coterie.environment, check=False)
    assert (ended.returncode, ended.stderr) == (code, b"")


@pytest.mark.parametrize("error", ["MemoryError()", 'RuntimeError("can\'t start new thread")'])
def test_too_little_memory_is_said(coterie: Command, error: str) -> None:
    code = (
        "import sys; from coterie.tui import __main__ as program\n"
        f"def refuse(_): raise {error}\n"
        "program._dispatch = refuse; sys.argv[1:] = ['list']; program.main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], env=coterie.environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("coterie: There is not enough memory")
    assert len(ended.stderr.splitlines()) == 2
