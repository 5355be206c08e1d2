# SPDX-License-Identifier: MIT
"""Each check of tools/ must accept a clean tree and name what is wrong in a bad one."""
import pathlib
import subprocess
import sys

import pytest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
SPDX = "/* SPDX-License-Identifier: MIT */\n"


def run(tool, root):
    done = subprocess.run([sys.executable, TOOLS / f"{tool}.py", "--root", root], capture_output=True,
                          text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")


CLEAN = {
    "src/base/str.c": SPDX + '#include "base/str.h"\nint f(int a)\n{\n    return a;\n}\n',
    "src/users/users_store.c": SPDX + '#include "db/db.h"\nconst char *q = "SELECT id FROM users "\n'
                                      '                "WHERE id = $1";\n',
    "src/users/users_api.c": SPDX + '#include "http/route.h"\n#include "users/users.h"\n',
    "src/groups/groups.c": SPDX + '#include "users/users.h"\n#include "face/face.h"\n',
    "src/jobs/queue.c": SPDX + '#include "db/db.h"\n',
    "src/app/app.c": SPDX + '#include "http/server.h"\n#include "db/db.h"\n',
    "src/main.c": SPDX + '#include "cli/cli.h"\n/* strcpy(a, b) */ const char *s = "system(x)";\n'
                         'const char *t = "Select the group, then update the list";\n',
    "web/src/page.tsx": 'export function P() {\n  const [a] = useState<string>("Plain code");\n'
                        '  return a < b ? <p title={t("x")}>{t("y")} 12 % · SmartPresence</p> : '
                        '<i className="Big Text" />;\n}\n',
}


@pytest.mark.parametrize("tool", ["check_layers", "check_banned", "check_limits", "check_ui_text"])
def test_clean_tree_passes(tmp_path, tool):
    write(tmp_path, CLEAN)
    code, out = run(tool, tmp_path)
    assert code == 0, out
    assert " 0 findings" in out


@pytest.mark.parametrize("tool", ["check_layers", "check_banned", "check_limits", "check_ui_text"])
def test_empty_tree_fails(tmp_path, tool):
    code, out = run(tool, tmp_path)
    assert code == 1
    assert "no file was checked" in out


@pytest.mark.parametrize("name, include, words", [
    ("src/base/a.c", "db/db.h", "base/ is below db/"),
    ("src/db/a.c", "users/users.h", "below"),
    ("src/http/a.c", "face/face.h", "siblings"),
    ("src/http/a.c", "db/db.h", "database"),
    ("src/face/a.c", "db/db.h", "database"),
    ("src/users/users.c", "db/db.h", "database"),
    ("src/users/users_api.c", "db/db.h", "database"),
    ("src/users/users.c", "http/route.h", "only *_api.c"),
    ("src/users/users_store.c", "http/route.h", "only *_api.c"),
    ("src/users/users.c", "app/app.h", "below"),
    ("src/users/users.c", "groups/groups_store.h", "own header"),
    ("src/unheard/a.c", "base/str.h", "no layer"),
    ("src/users/users.c", "unheard/a.h", "no layer"),
])
def test_layers_refuses(tmp_path, name, include, words):
    write(tmp_path, {**CLEAN, name: f'{SPDX}#include "{include}"\n'})
    code, out = run("check_layers", tmp_path)
    assert code == 1
    assert name in out and words in out


def test_layers_refuses_a_ring(tmp_path):
    write(tmp_path, {**CLEAN, "src/users/users.c": SPDX + '#include "groups/groups.h"\n'})
    code, out = run("check_layers", tmp_path)
    assert code == 1
    assert "groups -> users -> groups" in out


@pytest.mark.parametrize("name, line, words", [
    ("src/users/users.c", "strcpy(a, b);", "strcpy is banned"),
    ("src/base/str.c", "x = sprintf(a, b);", "sprintf is banned"),
    ("tests/unit/test_a.c", "x = atoi (a);", "atoi is banned"),
    ("src/users/users.c", "p = malloc(3);", "src/base only"),
    ("src/face/a.c", "free(p);", "src/base only"),
    ("src/db/a.c", "n = strtol(a, 0, 10);", "src/base only"),
    ("src/base/str.c", 'x = getenv("A");', "options are read in"),
    ("src/users/users.c", 'q = "SELECT id "\n "FROM users";', "outside a *_store.c"),
    ("src/app/app.c", 'q = "DELETE FROM users";', "outside a *_store.c"),
    ("src/users/users.c", 'q = "insert into users (id)";', "outside a *_store.c"),
    ("src/users/users_store.c", 'q = "SELECT id FROM t WHERE a = \'%s\'";', "'%' in SQL"),
    ("src/db/db_pg.c", 'q = "DROP TABLE %s";', "'%' in SQL"),
    ("src/users/users_store.c", 'q = "SELECT * FROM users";', "name the columns"),
    ("src/users/users_store.c", "buf_printf(&b, x);", "formats nothing"),
])
def test_banned_refuses(tmp_path, name, line, words):
    write(tmp_path, {**CLEAN, name: f"{SPDX}void f(void)\n{{\n{line}\n}}\n"})
    code, out = run("check_banned", tmp_path)
    assert code == 1
    assert f"{name}:4:" in out and words in out


def test_banned_allows_base_and_members(tmp_path):
    write(tmp_path, {**CLEAN, "src/base/mem.c": SPDX + "void *p = malloc(3);\n",
                     "src/db/a.c": SPDX + "x = ops->free(p);\ny = my_strcpy(a);\n"})
    code, out = run("check_banned", tmp_path)
    assert code == 0, out


def test_limits_refuses_long_file(tmp_path):
    write(tmp_path, {**CLEAN, "src/base/long.c": SPDX + "int x;\n" * 600})
    code, out = run("check_limits", tmp_path)
    assert code == 1
    assert "601 lines, at most 600" in out


def test_limits_refuses_long_web_file(tmp_path):
    write(tmp_path, {**CLEAN, "web/src/a.ts": "a();\n" * 301, "web/src/b.gen.ts": "b();\n" * 900})
    code, out = run("check_limits", tmp_path)
    assert code == 1
    assert "a.ts:1: 301 lines" in out and "b.gen.ts" not in out


def test_limits_refuses_long_function(tmp_path):
    body = "    g();\n" * 60
    write(tmp_path, {**CLEAN, "src/base/f.c": f"{SPDX}void f(void)\n{{\n{body}}}\n"})
    code, out = run("check_limits", tmp_path)
    assert code == 1
    assert "src/base/f.c:2: f:" in out and "at most 60" in out


def test_limits_refuses_complexity(tmp_path):
    body = "".join(f"    if (a == {n})\n        g();\n" for n in range(15))
    write(tmp_path, {**CLEAN, "src/base/f.c": f"{SPDX}void f(int a)\n{{\n{body}}}\n"})
    code, out = run("check_limits", tmp_path)
    assert code == 1
    assert "complexity 16, at most 15" in out


def test_limits_refuses_parameters(tmp_path):
    seven = ", ".join(f"int (*a{n})(int, int)" for n in range(7))
    six = ", ".join(f"int (*a{n})(int, int)" for n in range(6))
    write(tmp_path, {**CLEAN, "src/base/f.c": f"{SPDX}void f({seven})\n{{\n    h();\n}}\n"
                                              f"void g({six})\n{{\n    h();\n}}\n"})
    code, out = run("check_limits", tmp_path)
    assert code == 1
    assert "f: 7 parameters, at most 6" in out and "g:" not in out


@pytest.mark.parametrize("line, literal", [
    ("return <p>Hello there</p>;", "Hello there"),
    ("return <p>{x} students</p>;", "students"),
    ("return (\n    <p>\n      <b /> Later\n    </p>\n  );", "Later"),
    ('return <p>{"Not found"}</p>;', "Not found"),
    ('return <input placeholder="Your name" />;', "Your name"),
    ('return <X aria-label={`Close ${a}`} />;', "Close"),
    ('return <ul>{list.map((a) => <li key={a}>Row</li>)}</ul>;', "Row"),
    ('return a && <p>Yes</p>;', "Yes"),
    ('toast.error("It failed");', "It failed"),
    ('return <p>مرحبا</p>;', "مرحبا"),
])
def test_ui_text_refuses(tmp_path, line, literal):
    write(tmp_path, {**CLEAN, "web/src/bad.tsx": f"export function B() {{\n  {line}\n}}\n"})
    code, out = run("check_ui_text", tmp_path)
    assert code == 1
    assert "web/src/bad.tsx" in out and literal in out


def git(root, *arguments):
    subprocess.run(["git", "-C", root, *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("name, contents, words", [
    ("a.md", "see /ro" + "ot/x\n", "path of one machine"),
    ("a.sh", "cd /wo" + "rk/main\n", "path of one machine"),
    ("a.json", "https://registry.np" + "mjs.org/x\n", "registry"),
    ("web/package-lock.json", '{\n  "resolved": "x"\n}\n', "download addresses"),
    ("key.txt", "-----BEGIN PRIV" + "ATE KEY-----\n", "private key"),
    ("models/a.onnx", b"x", ".onnx files"),
    ("tests/face.jpg", b"x", ".jpg files"),
    ("blob", b"\0\1\2", "binary file"),
    ("docs/big.png", (1 << 20) + 1, "a picture of"),
    ("tests/fuzz/corpus/a/seed", 70000, "fuzzing seed"),
])
def test_repo_refuses(tmp_path, name, contents, words):
    # A number stands for that many zero bytes.
    contents = bytes(contents) if isinstance(contents, int) else contents
    write(tmp_path, {"README.md": "fine\n", name: contents})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-f", ".")
    code, out = run("check_repo", tmp_path)
    assert code == 1
    assert f"{name}:" in out and words in out


def test_repo_clean(tmp_path):
    write(tmp_path, {"README.md": "see ../work/x, a/root/b and /api/v1\n", "docs/a.png": b"\0png",
                     "tests/fuzz/corpus/a/seed": b"\0\1"})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-f", ".")
    code, out = run("check_repo", tmp_path)
    assert code == 0, out
