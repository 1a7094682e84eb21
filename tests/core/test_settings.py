import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coterie.core.errors import CannotOpen
from coterie.core.files import private_file, private_folder, write_whole
from coterie.core.settings import DECLARED, Directories, Settings, unknown_variables
from coterie.core.settings.values import without_password
from tests.imports import loaded


@pytest.fixture
def directories(tmp_path: Path) -> Directories:
    return Directories(*(tmp_path / name for name in ("config", "data", "state", "cache")))


@pytest.fixture
def load(directories: Directories):
    """Settings.load with a config.toml of this content, this environment and these options."""

    def load(toml: str | bytes | None = None, environment: dict[str, str] | None = None, **options: str) -> Settings:
        directories.config.mkdir(exist_ok=True)
        if toml is not None:
            (directories.config / "config.toml").write_bytes(toml.encode() if isinstance(toml, str) else toml)
        return Settings.load(options, environment=environment or {}, directories=directories)

    return load


def test_without_any_settings_everything_has_its_default(load, directories: Directories) -> None:
    settings = load()
    assert settings.database_url == f"sqlite:///{directories.data}/contacts.db"
    assert settings.sqlite_path == directories.data / "contacts.db"
    assert (settings.bin_days, settings.theme, settings.ascii, settings.clipboard) == (30, "auto", None, "osc52")
    assert settings.restricted is False
    assert settings.keys == {}
    assert settings.source is None
    assert settings.of_provider("google") == {"endpoint": "https://people.googleapis.com"}
    assert settings.of_provider("microsoft") == {
        "authority": "https://login.microsoftonline.com/common",
        "graph_endpoint": "https://graph.microsoft.com/v1.0",
    }
    assert settings.of_provider("carddav") == {}
    assert not directories.data.exists(), "reading settings makes nothing"


def test_the_folders_follow_the_xdg_variables(tmp_path: Path) -> None:
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    code = "from coterie.core.settings import *; d = Directories.of_user(); print(d.config, d.data, d.state, d.cache)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path.cwd()), **{name: str(tmp_path / name) for name in names}},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == [str(tmp_path / name / "coterie") for name in names]


def test_command_line_goes_before_environment_before_file_before_default(load) -> None:
    toml = 'bin_days = 7\ntheme = "file"\nclipboard = "off"'
    environment = {"COTERIE_BIN_DAYS": "8", "COTERIE_THEME": "environment"}
    settings = load(toml, environment, bin_days="9")
    assert (settings.bin_days, settings.theme, settings.clipboard) == (9, "environment", "off")


def test_every_setting_can_be_given_in_the_file_and_in_the_environment(load) -> None:
    toml = """
    database_url = "postgresql://ada@localhost/book"
    bin_days = 0
        name_order = "family"
    theme = "nord"
    ascii = true
    linear = true
    clipboard = "off"
    restricted = true
    [google]
    client_secrets = "~/client.json"
    endpoint = "http://127.0.0.1:8080/"
    [microsoft]
    client_id = "b1"
    authority = "https://login.microsoftonline.us/common"
    graph_endpoint = "https://graph.microsoft.us/v1.0/"
    [carddav]
    allowed_hosts = ["Dav.Example.org", "localhost:5232"]
    [mail]
    address = "eve@example.org"
    name = "Eve"
    command = "msmtp -C x"
    mailer = "aerc"
    server = "smtp.example.org:2525"
    security = "starttls"
    user = "eve"
    [keys]
    favorite = "F2"
    delete = ["d", "ctrl+x"]
    """
    environment = {
        "COTERIE_DATABASE_URL": "postgresql://ada@localhost/book",
        "COTERIE_BIN_DAYS": "0",
        "COTERIE_THEME": "nord",
        "COTERIE_ASCII": "yes",
        "COTERIE_LINEAR": "yes",
        "COTERIE_CLIPBOARD": "OFF",
        "COTERIE_RESTRICTED": "1",
        "COTERIE_GOOGLE__CLIENT_SECRETS": "~/client.json",
        "COTERIE_GOOGLE__ENDPOINT": "http://127.0.0.1:8080/",
        "COTERIE_MICROSOFT__CLIENT_ID": "b1",
        "COTERIE_MICROSOFT__AUTHORITY": "https://login.microsoftonline.us/common",
        "COTERIE_MICROSOFT__GRAPH_ENDPOINT": "https://graph.microsoft.us/v1.0",
        "COTERIE_CARDDAV__ALLOWED_HOSTS": "dav.example.org, localhost:5232",
        "COTERIE_MAIL__ADDRESS": "eve@example.org",
        "COTERIE_MAIL__NAME": "Eve",
        "COTERIE_MAIL__COMMAND": "msmtp -C x",
        "COTERIE_MAIL__MAILER": "aerc",
        "COTERIE_MAIL__SERVER": "smtp.example.org:2525",
        "COTERIE_MAIL__SECURITY": "STARTTLS",
        "COTERIE_MAIL__USER": "eve",
        "COTERIE_KEYS__FAVORITE": "F2",
        "COTERIE_KEYS__DELETE": "d,ctrl+x",
    }
    from_file, from_environment = load(toml), load(None, environment)
    assert set(DECLARED) == {
        "database_url", "bin_days", "name_order", "theme", "ascii", "linear", "clipboard", "restricted", "keys",
        "google.client_secrets", "google.endpoint", "microsoft.client_id", "microsoft.authority",
        "microsoft.graph_endpoint", "carddav.allowed_hosts",
        "mail.address", "mail.name", "mail.command", "mail.mailer", "mail.server", "mail.security", "mail.user",
    }  # fmt: skip
    for settings in (from_file, from_environment):
        assert settings.database_url == "postgresql://ada@localhost/book"
        assert settings.sqlite_path is None
        assert (settings.bin_days, settings.theme, settings.ascii) == (0, "nord", True)
        assert (settings.clipboard, settings.restricted) == ("off", True)
        assert settings.google.client_secrets == Path.home() / "client.json"
        assert settings.google.endpoint == "http://127.0.0.1:8080"
        assert settings.microsoft.client_id == "b1"
        assert settings.microsoft.graph_endpoint == "https://graph.microsoft.us/v1.0"
        assert settings.carddav.allowed_hosts == "dav.example.org:443,localhost:5232"
        mail = settings.mail
        assert (mail.address, mail.name) == ("eve@example.org", "Eve")
        assert (mail.command, mail.mailer) == ("msmtp -C x", "aerc")
        assert (mail.server, mail.security, mail.user) == ("smtp.example.org:2525", "starttls", "eve")
        assert settings.keys == {"favorite": "F2", "delete": "d,ctrl+x"}


@pytest.mark.parametrize(
    "hosts",
    ["https://dav.example.org", "ada@dav.example.org", "a b", "dav.example.org/x", "localhost:high", ",", "::1"],
)
def test_allowed_hosts_are_names_with_ports_and_nothing_more(load, hosts: str) -> None:
    with pytest.raises(CannotOpen, match=r"carddav\.allowed_hosts"):
        load(None, {"COTERIE_CARDDAV__ALLOWED_HOSTS": hosts})


def test_an_allowed_host_can_be_an_address(load) -> None:
    settings = load(None, {"COTERIE_CARDDAV__ALLOWED_HOSTS": "10.0.0.2,[fd00::2]:8443"})
    assert settings.carddav.allowed_hosts == "10.0.0.2:443,[fd00::2]:8443"


def test_no_variable_and_no_option_undoes_what_the_file_restricts(load) -> None:
    assert load("restricted = true", {"COTERIE_RESTRICTED": "false"}).restricted
    assert load("restricted = true", None, restricted="false").restricted
    assert load("restricted = false", {"COTERIE_RESTRICTED": "true"}).restricted


def test_the_environment_may_give_one_part_and_the_file_another(load) -> None:
    settings = load('[google]\nclient_secrets = "client.json"', {"COTERIE_GOOGLE__ENDPOINT": "https://x.example"})
    assert settings.google.endpoint == "https://x.example"
    assert settings.google.client_secrets is not None


def test_an_empty_variable_is_like_none(load) -> None:
    assert load(None, {"COTERIE_BIN_DAYS": ""}).bin_days == 30


def test_a_relative_path_in_the_file_starts_at_the_file(load, directories: Directories) -> None:
    settings = load('database_url = "sqlite:///book.db"\n[google]\nclient_secrets = "../client.json"')
    assert settings.sqlite_path == directories.config / "book.db"
    assert settings.google.client_secrets == directories.config.parent / "client.json"


def test_a_relative_path_elsewhere_starts_where_the_user_is(load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/tmp")
    assert load(None, {"COTERIE_DATABASE_URL": "sqlite:///book.db"}).database_url == "sqlite:////tmp/book.db"
    assert load(database_url="sub/../book.db").database_url == "sqlite:////tmp/book.db"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("sqlite:////srv/a book.db", "sqlite:////srv/a book.db"),
        ("sqlite+aiosqlite:////srv/book.db", "sqlite:////srv/book.db"),
        ("/srv/book.db", "sqlite:////srv/book.db"),
        ("sqlite:///~/book.db", f"sqlite:///{Path.home()}/book.db"),
        ("postgres://ada@host/book", "postgresql://ada@host/book"),
        ("postgresql+asyncpg://ada:pw@host:5433/book", "postgresql://ada:pw@host:5433/book"),
        ("postgresql:///book?host=/run/postgresql", "postgresql:///book?host=/run/postgresql"),
    ],
)
def test_a_database_has_one_spelling(load, given: str, meant: str) -> None:
    assert load(database_url=given).database_url == meant


@pytest.mark.parametrize(
    ("toml", "key", "expected"),
    [
        ("bin_days = -1", "bin_days", "whole number from 0"),
        ("bin_days = 1.5", "bin_days", "whole number"),
        ("bin_days = true", "bin_days", "whole number"),
        ('bin_days = "soon"', "bin_days", "whole number"),
        ('ascii = "perhaps"', "ascii", "true or false"),
        ('clipboard = "xclip"', "clipboard", "osc52 or off"),
        ("theme = 3", "theme", "name of a theme"),
        ('database_url = "mysql://host/book"', "database_url", "sqlite:///PATH"),
        ('database_url = "sqlite://"', "database_url", "sqlite:///PATH"),
        ('database_url = "postgresql:/ada@host/book"', "database_url", "sqlite:///PATH"),
        ('database_url = "postgres//ada@host/book"', "database_url", "sqlite:///PATH"),
        ('database_url = "ada:geheim@host/book"', "database_url", "sqlite:///PATH"),
        ('database_url = "sqlite:/book.db"', "database_url", "sqlite:///PATH"),
        ('database_url = "Postgres:ada@host/book"', "database_url", "sqlite:///PATH"),
        ('database_url = "/"', "database_url", "sqlite:///PATH"),
        ('database_url = "sqlite:///:memory:"', "database_url", "sqlite:///PATH"),
        ("database_url = [1]", "database_url", "sqlite:///PATH"),
        ('[google]\nendpoint = "http://people.example"', "google.endpoint", "https://"),
        ('[google]\nendpoint = "http://localhost.example"', "google.endpoint", "https://"),
        ('[google]\nendpoint = "https://"', "google.endpoint", "https://"),
        ('[google]\nendpoint = "http://127.0.0.1:80@evil.example"', "google.endpoint", "https://"),
        ('[microsoft]\nclient_id = "a\\nb"', "microsoft.client_id", "client"),
        ('[keys]\nfavorite = ""', "keys.favorite", "a key such as"),
        ("[keys]\nfavorite = 1", "keys.favorite", "a key such as"),
        ("[keys.favorite]\nx = 1", "keys.favorite", "a key such as"),
    ],
)
def test_a_bad_value_is_a_sentence_that_names_file_and_key_and_what_is_expected(
    load, directories: Directories, toml: str, key: str, expected: str
) -> None:
    with pytest.raises(CannotOpen) as caught:
        load(toml)
    assert f"“{key}”" in caught.value.title
    assert str(directories.config / "config.toml") in caught.value.title
    assert expected in caught.value.hint
    assert caught.value.exit_code == 3


def test_a_bad_value_elsewhere_names_the_variable_or_the_option(load) -> None:
    with pytest.raises(CannotOpen, match=r"COTERIE_BIN_DAYS.*“soon”"):
        load(None, {"COTERIE_BIN_DAYS": "soon"})
    with pytest.raises(CannotOpen, match=r"--database-url.*“mysql://ada:…@host/b”"):
        load(database_url="mysql://ada:geheim@host/b")


@pytest.mark.parametrize(
    ("toml", "sentence", "hint"),
    [
        ("thme = 1", "“thme”", "“theme”"),
        ("[goggle]\nendpoint = 1", "“goggle”", "“google.endpoint”|The settings are"),
        ("[google]\nclient_secret = 1", "“google.client_secret”", "“google.client_secrets”"),
        ('[google.client_secrets]\nx = "1"', "“google.client_secrets”", "path of a file"),
        ("google = 1", "“google”", "google.endpoint"),
        ('keys = "f"', "“keys”", r"\[keys\]"),
        ("xyzzy = 1", "“xyzzy”", "The settings are: database_url, bin_days"),
    ],
)
def test_an_unknown_setting_in_the_file_is_refused_with_a_proposal(load, toml: str, sentence: str, hint: str) -> None:
    with pytest.raises(CannotOpen, match=sentence) as caught:
        load(toml)
    assert re.search(hint, caught.value.hint)


@pytest.mark.parametrize("content", [b"bin_days = ", b"\xff\xfe", b"a = 1\na = 2"])
def test_a_file_that_is_no_toml_is_named(load, directories: Directories, content: bytes) -> None:
    with pytest.raises(CannotOpen, match=str(directories.config / "config.toml")):
        load(content)


def test_a_file_with_a_byte_order_mark_is_read(load) -> None:
    assert load(b"\xef\xbb\xbfbin_days = 3").bin_days == 3


def test_an_unreadable_file_is_named(load, directories: Directories) -> None:
    (directories.config / "config.toml").mkdir(parents=True)
    with pytest.raises(CannotOpen, match=r"config\.toml cannot be read"):
        load()


def test_a_file_that_was_named_must_exist(directories: Directories, tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="no settings file"):
        Settings.load(config=tmp_path / "none.toml", environment={}, directories=directories)
    (tmp_path / "other.toml").write_text("bin_days = 5")
    settings = Settings.load(config=tmp_path / "other.toml", environment={}, directories=directories)
    assert settings.bin_days == 5
    assert settings.source == tmp_path / "other.toml"


def test_variables_that_have_no_effect_are_found() -> None:
    environment = {"COTERIE_THEEM": "x", "COTERIE_THEME": "x", "COTERIE_KEYS__FAVORITE": "f", "HOME": "/"}
    assert unknown_variables(environment) == ["COTERIE_THEEM"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ada:geheim@host/book", "postgresql://ada:…@host/book"),
        ("postgresql://ada@host/book?password=geheim&sslmode=require", "postgresql://ada@host/book?password=…&sslmode=require"),
        ("postgresql:///book?Pass%77ord=geheim&sslpassword=geheim", "postgresql:///book?Pass%77ord=…&sslpassword=…"),
        ("postgresql://ada@host/book?password=geheim@x", "postgresql://ada@host/book?password=…"),
        ("postgresql://ada@host/book?passwort=geheim&user=eve", "postgresql://ada@host/book?passwort=…&user=eve"),
        ("postgresql://ada:geheim@x@host/book", "postgresql://ada:…@host/book"),
        ("postgresql://ada:geh?eim@host/book", "postgresql://ada:…@host/book"),
        ("postgresql://ada:a://geheim@host/book", "postgresql://ada:…@host/book"),
    ],
)  # fmt: skip
def test_a_password_is_never_shown(load, address: str, shown: str) -> None:
    assert load(database_url=address).shown_database == shown
    assert "geheim" not in without_password(address.partition("://")[2])


def test_the_path_of_a_book_is_shown_as_it_is(load) -> None:
    assert load(database_url="/a@b:c/book.db").shown_database == "sqlite:////a@b:c/book.db"


def test_a_throw_away_book_has_all_its_files_in_one_private_folder(load, tmp_path: Path) -> None:
    settings = load("bin_days = 5").inside(tmp_path / "demo")
    places = settings.directories
    assert settings.bin_days == 5
    assert settings.sqlite_path == tmp_path / "demo" / "data" / "contacts.db"
    assert {path.parent for path in (places.config, places.data, places.state, places.cache)} == {tmp_path / "demo"}
    assert stat.S_IMODE(places.data.stat().st_mode) == 0o700


def test_reading_settings_brings_no_heavy_library_along() -> None:
    heavy = {"pydantic", "sqlmodel", "sqlalchemy", "asyncio", "typer", "textual"}
    assert not heavy & loaded("import coterie.core.settings")


# Private files


def test_private_folders_and_files_are_made_so_and_tightened(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        folder = private_folder(tmp_path / "a" / "b")
        path = private_file(folder / "book.db")
    finally:
        os.umask(previous)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (folder.parent, folder, path)] == [0o700, 0o700, 0o600]
    folder.chmod(0o755)
    path.chmod(0o644)
    path.write_text("kept")
    private_folder(folder, tighten=False)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    private_folder(folder)
    private_file(path)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (folder, path)] == [0o700, 0o600]
    assert path.read_text() == "kept"


def test_a_folder_or_file_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotOpen, match="cannot be used"):
        private_folder(tmp_path / "file" / "sub")
    with pytest.raises(CannotOpen, match="cannot be written"):
        private_file(tmp_path)


def test_writing_whole_never_follows_a_link_that_was_put_in_the_way(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("unharmed")
    (tmp_path / f".out.{os.getpid()}.new").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic links"):
        write_whole(tmp_path / "out", b"x")
    assert victim.read_text() == "unharmed"
    write_whole(tmp_path / "out", b"x")
    assert (tmp_path / "out").read_bytes() == b"x"


# For all users of a computer -----------------------------------------------------------------------------------------


def _for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, owner: int = 0) -> Directories:
    """The folders, with a file for all users that belongs to `owner`; this user is 1000."""
    site = tmp_path / "etc"
    site.mkdir()
    (site / "config.toml").write_text(text)
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    os.chown(site / "config.toml", owner, -1) if os.geteuid() == 0 else pytest.skip("only root gives files away")
    return Directories(*(tmp_path / name for name in ("config", "data", "state", "cache")), site=site)


def test_the_administrator_sets_the_client_for_all_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'bin_days = 7\n[google]\nclient_secrets = "client.json"\n'
    directories = _for_all(tmp_path, monkeypatch, text)
    settings = Settings.load(environment={}, directories=directories)
    assert settings.google.client_secrets == tmp_path / "etc" / "client.json"
    assert (settings.source, settings.site_source) == (None, tmp_path / "etc" / "config.toml")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text("bin_days = 9\n")
    settings = Settings.load(environment={"COTERIE_THEME": "dark"}, directories=directories)
    assert (settings.bin_days, settings.theme) == (9, "dark")
    assert settings.google.client_secrets == tmp_path / "etc" / "client.json"


def test_nobody_frees_himself_of_what_holds_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directories = _for_all(tmp_path, monkeypatch, "restricted = true\n")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text("restricted = false\n")
    assert Settings.load(environment={"COTERIE_RESTRICTED": "0"}, directories=directories).restricted


def test_a_file_of_the_users_own_is_none_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directories = _for_all(tmp_path, monkeypatch, "bin_days = 7\n", owner=1000)
    settings = Settings.load(environment={}, directories=directories)
    assert (settings.bin_days, settings.site_source) == (30, None)


def test_a_mistake_in_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directories = _for_all(tmp_path, monkeypatch, "bin_day = 7\n")
    with pytest.raises(CannotOpen, match=r"etc/config\.toml has a setting “bin_day”"):
        Settings.load(environment={}, directories=directories)
