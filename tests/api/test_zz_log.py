# SPDX-License-Identifier: MIT
"""Runs last: in the log of the server of the whole run, and of the guarded one, nobody is named."""
import re

from conftest import PASSWORD, SECRET
from factories import PASSWORD as OTHER


def test_the_log_of_the_whole_run(server, admin, guarded):
    admin.patch("/api/v1/me", json={"name": SECRET})
    admin.patch("/api/v1/me", json={"name": "Ada Admin"})
    for each in (server, guarded):
        text = each.log()
        assert "server.ready" in text
        for secret in (PASSWORD, SECRET, OTHER, "@school.example", "Ada Admin", "argon2id", "wrong-Horse-88",
                       admin.session.headers["Authorization"].partition(" ")[2]):
            assert secret not in text, [line for line in text.splitlines() if secret in line][:5]
        assert not re.search(r"eyJ[\w-]{20,}\.", text), "a token"
        assert "http.undeclared_error" not in text
        assert not re.search(r"level=error(?!.*database)", text), \
            [line for line in text.splitlines() if "level=error" in line][:5]
