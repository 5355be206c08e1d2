#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Search among many persons, beside others, on the same vectors and in turns.

usage: search_bench.py --build DIR --models DIR --runtime FILE [--persons N]... [--graphs N]
                       [--pg URL] --json FILE

Ours is exact; so are faiss's flat index, pgvector without an index and SQLite with a dot product in
C. The graphs (hnswlib, pgvector's HNSW) are not: their recall is shown. All use one thread. Vectors
are random directions, the hardest case for a graph; a query is a person's vector with noise.
"""
import argparse
import io
import json
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import faiss
import hnswlib
import numpy as np

DIM, QUERIES, SEED, NOISE = 512, 15, 7, 0.04
# Students and templates each: 100,000 templates, and a school of 10,000.
SEALED = [(20_000, 5), (10_000, 3)]


class Process:
    """A bench program that answers lines; ours and SQLite's."""

    def __init__(self, *command):
        self.pipe = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)
        self.ready = self.read()

    def read(self):
        line = self.pipe.stdout.readline()
        if not line:
            sys.exit(f"{self.pipe.args[0]} ended")
        return line.split()

    def ask(self, line):
        self.pipe.stdin.write(line + "\n")
        self.pipe.stdin.flush()
        return self.read()

    def search(self, i, _query):
        answer = self.ask(f"q {i}")
        return float(answer[0]), int(answer[1])

    def close(self):
        self.pipe.stdin.close()
        self.pipe.wait(60)


class Faiss:
    def __init__(self, vectors):
        faiss.omp_set_num_threads(1)
        self.index = faiss.IndexFlatIP(DIM)
        self.index.add(vectors)

    def search(self, _i, query):
        start = time.perf_counter()
        _, ids = self.index.search(query[None, :], 2)
        return (time.perf_counter() - start) * 1e3, int(ids[0][0]) + 1

    def close(self):
        self.index = None


class Hnswlib:
    def __init__(self, vectors):
        self.index = hnswlib.Index(space="ip", dim=DIM)
        self.index.init_index(max_elements=len(vectors), ef_construction=100, M=16)
        self.index.add_items(vectors, np.arange(1, len(vectors) + 1))
        self.index.set_ef(100)
        self.index.set_num_threads(1)

    def search(self, _i, query):
        start = time.perf_counter()
        ids, _ = self.index.knn_query(query, k=2)
        return (time.perf_counter() - start) * 1e3, int(ids[0][0])

    def close(self):
        self.index = None


class Pgvector:
    """One connection, no parallel workers; vectors stay in the table's own pages."""

    def __init__(self, url, vectors, graph):
        import psycopg2
        self.db = psycopg2.connect(url)
        self.db.autocommit = True
        self.at = self.db.cursor()
        self.at.execute("SET max_parallel_workers_per_gather = 0; SET jit = off;"
                        "SET maintenance_work_mem = '2GB'; CREATE EXTENSION IF NOT EXISTS vector;"
                        "DROP TABLE IF EXISTS face;"
                        f"CREATE UNLOGGED TABLE face (id INTEGER, v vector({DIM}));"
                        "ALTER TABLE face ALTER v SET STORAGE PLAIN")
        for first in range(0, len(vectors), 20000):
            self.copy(vectors[first:first + 20000], first + 1)
        if graph:
            self.at.execute("CREATE INDEX ON face USING hnsw (v vector_ip_ops)"
                            " WITH (m = 16, ef_construction = 100); SET hnsw.ef_search = 100;"
                            " SET enable_seqscan = off")
        self.at.execute("VACUUM ANALYZE face")

    def copy(self, vectors, first):
        head = struct.pack(">hihh", 2, 4, 0, 0)[:6]
        rows = io.BytesIO()
        rows.write(b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0))
        for i, row in enumerate(vectors.astype(">f4")):
            rows.write(head + struct.pack(">iihh", first + i, 4 + 4 * DIM, DIM, 0) + row.tobytes())
        rows.write(struct.pack(">h", -1))
        rows.seek(0)
        self.at.copy_expert("COPY face FROM STDIN (FORMAT binary)", rows)

    def search(self, _i, query):
        text = "[" + ",".join(map(repr, query.tolist())) + "]"
        start = time.perf_counter()
        self.at.execute("SELECT id FROM face ORDER BY v <#> %s::vector LIMIT 2", (text,))
        found = self.at.fetchone()[0]
        return (time.perf_counter() - start) * 1e3, found

    def close(self):
        self.at.execute("DROP TABLE face")
        self.db.close()


def make_vectors(persons, folder):
    random = np.random.default_rng(SEED)
    vectors = np.empty((persons, DIM), np.float32)
    for first in range(0, persons, 50000):
        block = random.standard_normal((min(50000, persons - first), DIM), np.float32)
        vectors[first:first + len(block)] = block / np.linalg.norm(block, axis=1, keepdims=True)
    whom = random.integers(0, persons, QUERIES)
    queries = vectors[whom] + random.standard_normal((QUERIES, DIM), np.float32) * NOISE
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    vectors.tofile(folder / "vectors")
    queries.tofile(folder / "queries")
    return vectors, queries


def rivals(args, folder, vectors):
    """Makes one contestant after the other; a graph over a million takes hours and is left out."""
    graphs = len(vectors) <= args.graphs
    yield "faiss_flat", lambda: Faiss(vectors)
    yield "sqlite_brute_force", lambda: Process(
        args.build / "tests/bench/sqlite_dot", folder / "bench.db", folder / "vectors",
        folder / "queries")
    if graphs:
        yield "hnswlib", lambda: Hnswlib(vectors)
    if args.pg:
        yield "pgvector_exact", lambda: Pgvector(args.pg, vectors, graph=False)
        if graphs:
            yield "pgvector_hnsw", lambda: Pgvector(args.pg, vectors, graph=True)


def compare(ours, other, queries, truth):
    """Medians of both in turns, the median of the rounds' ratios, and how often the other is right."""
    other.search(0, queries[0])
    ours.search(0, queries[0])
    mine, theirs, right = [], [], 0
    for i, query in enumerate(queries):
        mine.append(ours.search(i, query)[0])
        ms, found = other.search(i, query)
        theirs.append(ms)
        right += found == truth[i]
    return {"ours_ms": statistics.median(mine), "ms": statistics.median(theirs),
            "ratio": statistics.median(t / m for t, m in zip(theirs, mine)),
            "recall": right / len(queries)}


def bench(args, persons, work):
    folder = pathlib.Path(work) / str(persons)
    folder.mkdir()
    vectors, queries = make_vectors(persons, folder)
    truth = [int(np.argmax(vectors @ query)) + 1 for query in queries]
    ours = Process(args.build / "tests/bench/gallery_bench", folder / "vectors", folder / "queries")
    answers = [ours.search(i, None) for i in range(QUERIES)]
    changes = [[float(ms) for ms in ours.ask(f"p {i}")] for i in range(QUERIES)]
    out = {
        "persons": persons, "kernel": ours.ready[2], "load_ms": float(ours.ready[1]),
        "search_ms": statistics.median(ms for ms, _ in answers),
        "recall": sum(found == t for (_, found), t in zip(answers, truth)) / QUERIES,
        "put_ms": statistics.median(put for put, _ in changes),
        "remove_ms": statistics.median(gone for _, gone in changes),
        "memory_mb": float(ours.ask("m")[0]), "beside": {},
    }
    for name, make in rivals(args, folder, vectors):
        print(f"{persons:,} persons: {name}", file=sys.stderr, flush=True)
        other = make()
        out["beside"][name] = compare(ours, other, queries, truth)
        other.close()
        (folder / "bench.db").unlink(missing_ok=True)
    ours.close()
    return out


def load_sealed(args, students, each):
    """From sealed templates to a gallery, and what the process then holds, with the nets."""
    with tempfile.TemporaryDirectory() as work:
        done = subprocess.run([args.build / "tests/bench/load_bench", args.models, args.runtime,
                               str(students), str(each), work], capture_output=True, text=True,
                              check=True)
    templates, ms, megabytes = done.stdout.split()
    return {"students": students, "templates": int(templates), "ms": float(ms),
            "memory_mb": float(megabytes)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("build", "models", "runtime"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--persons", type=int, action="append")
    parser.add_argument("--graphs", type=int, default=100_000, help="largest size for HNSW graphs")
    parser.add_argument("--pg", help="postgres:// address with pgvector")
    parser.add_argument("--json", type=pathlib.Path, required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        figures = [bench(args, n, work) for n in args.persons or [10_000, 100_000, 1_000_000]]
    sealed = [load_sealed(args, students, each) for students, each in SEALED]
    args.json.write_text(json.dumps({"sizes": figures, "sealed": sealed}, indent=1) + "\n",
                         encoding="utf-8")


if __name__ == "__main__":
    main()
