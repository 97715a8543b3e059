"""A real PostgreSQL server of the tests' own, on loopback, and a pooler before it."""

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

_numbers = itertools.count(1)

# No power cut is played in most tests, and an fsync takes longer than all the rest. Of hundreds of
# databases one would be swept each tenth of a second, for seconds of life that leave no dust.
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def program(name: str) -> str:
    """Where a program of PostgreSQL's lies; Debian keeps the server's out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or name


class Server:
    """A running server. ``pid`` is that of its first process."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self._port = port

    def new_database(self, template: str = "template0") -> str:
        """The name of a new database, made after ``template``."""
        name = f"books_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            # Copying its files is quicker than logging each page, and was the only way before 15.
            copied = "STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {copied}")
        return name

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"

    @property
    def pid(self) -> int:
        return int((self.folder / "postmaster.pid").read_text().splitlines()[0])

    def restart_at_once(self) -> None:
        """As after a power cut: nobody is asked to finish, and the log is played back."""
        _run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "-t", "60", "stop")
        self.start()

    def start(self) -> None:
        log = str(self.folder / "server.log")
        _run("pg_ctl", "-D", str(self.folder), "-l", log, "-w", "-t", "60", "start")


@contextmanager
def postgresql(options: dict[str, str], *, segment: int = 16) -> Iterator[Server]:
    """A server in a folder of its own; ``segment`` MB a file of its log."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if os.geteuid() == 0:  # as which the server refuses to run
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    _run(
        *("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"),
        *("--locale=C.UTF-8", f"--wal-segsize={segment}"),
    )
    own = {
        "port": str(port),
        "listen_addresses": "'127.0.0.1'",
        "unix_socket_directories": "''",
        "max_connections": "100",
        "shared_buffers": "32MB",
    }
    with (data / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = {value}\n" for name, value in {**own, **options}.items())
    server = Server(data, port)
    server.start()
    try:
        yield server
    finally:
        _run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@contextmanager
def pooler(server: Server, database: str, *, connections: int) -> Iterator[str]:
    """PgBouncer in transaction mode before ``server``, with few connections; its address."""
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    (folder / "users.txt").write_text('"postgres" ""\n')
    target = conninfo_to_dict(server.url(database))
    (folder / "pooler.ini").write_text(
        f"""[databases]
{database} = user=postgres host=127.0.0.1 port={target["port"]} dbname={database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 200
logfile = {folder}/pooler.log
pidfile = {folder}/pooler.pid
"""
    )
    found = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    process = subprocess.Popen(
        [found, "-q", str(folder / "pooler.ini")],
        user="postgres" if os.geteuid() == 0 else None,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _listens(port):
            if process.poll() is not None:
                raise RuntimeError(f"pgbouncer ended: {(folder / 'pooler.log').read_text()}")
            time.sleep(0.05)  # between two looks
        yield f"postgresql://postgres@127.0.0.1:{port}/{database}"
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _run(name: str, *words: str) -> None:
    # Into a file and not a pipe: the server that is started would hold the pipe open.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [program(name), *words],
            user="postgres" if os.geteuid() == 0 else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
        )
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{name} ended with {done.returncode}: {said.read().decode()}")
