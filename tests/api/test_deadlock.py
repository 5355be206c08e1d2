# SPDX-License-Identifier: MIT
"""PostgreSQL ends one side of a deadlock: the server's side is simply run again."""
import concurrent.futures
import subprocess

from classroom import classroom, open_class  # noqa: F401
from factories import body_of
from ledger import query
from own import wait_until
from server import ENGINE

if ENGINE == "postgres":

    def waits(server):
        """Somebody waits for what another transaction holds."""
        return query(server, "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                     " AND wait_event_type = 'Lock'")

    def test_a_mark_that_lost_a_deadlock_is_made_all_the_same(open_class, server):
        body_of(open_class.mark(0, "late"))
        session, student = open_class.session["id"], open_class.students[0]["id"]
        with subprocess.Popen(["psql", "-qAt", "-d", server.options["database_url"]], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            # The record first, then the session: the server takes them the other way round.
            other.stdin.write("BEGIN; SET LOCAL deadlock_timeout = '60s';"
                              f" UPDATE attendance_record SET version = version"
                              f" WHERE session_id = {session} AND student_id = {student}"
                              " RETURNING 'held';\n")
            other.stdin.flush()
            assert other.stdout.readline().strip() == "held"
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                mark = pool.submit(open_class.mark, 0, "present")
                assert wait_until(lambda: waits(server))
                other.stdin.write(f"UPDATE session SET version = version WHERE id = {session};"
                                  " COMMIT;\n")
                other.stdin.close()
                assert body_of(mark.result())["status"] == "present"
        log = body_of(open_class.trainer.get(
            f"{open_class.path}/attendance/{student}/events"))["items"]
        assert [e["status_after"] for e in log] == ["late", "present"]
        assert "deadlock" in server.log()
