/* SPDX-License-Identifier: MIT */
/*
 * The plain way in an embedded database: a table of vectors, a dot product in C, ORDER BY.
 *
 * usage: sqlite_dot DATABASE VECTORS QUERIES
 * Fills the database from VECTORS, says "ready", then answers each line "q I" on standard input by
 * "milliseconds person similarity".
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DIM = 512, ROW = DIM * (int)sizeof(float), QUERIES_MOST = 256 };

static void dot(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    const float *a = sqlite3_value_blob(v[0]), *b = sqlite3_value_blob(v[1]);
    float part[16] = {0}, sum = 0;

    if (n != 2 || sqlite3_value_bytes(v[0]) != ROW || sqlite3_value_bytes(v[1]) != ROW) {
        sqlite3_result_error(ctx, "not two vectors", -1);
        return;
    }
    for (int i = 0; i < DIM; i += 16)
        for (int k = 0; k < 16; k++)
            part[k] += a[i + k] * b[i + k];
    for (int k = 0; k < 16; k++)
        sum += part[k];
    sqlite3_result_double(ctx, (double)sum);
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int fill(sqlite3 *db, const char *path)
{
    float row[DIM];
    sqlite3_stmt *insert = NULL;
    FILE *f = fopen(path, "rb");
    int bad = !f ||
              sqlite3_exec(db,
                           "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                           "CREATE TABLE face (id INTEGER PRIMARY KEY, v BLOB NOT NULL); BEGIN",
                           NULL, NULL, NULL) ||
              sqlite3_prepare_v2(db, "INSERT INTO face (v) VALUES (?)", -1, &insert, NULL);

    while (!bad && fread(row, ROW, 1, f) == 1) {
        sqlite3_bind_blob(insert, 1, row, ROW, SQLITE_STATIC);
        bad = sqlite3_step(insert) != SQLITE_DONE || sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    if (f)
        (void)fclose(f);
    return bad || sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
}

static int answer(sqlite3_stmt *search, const float *queries, size_t n)
{
    char line[32];

    while (fgets(line, sizeof(line), stdin)) {
        size_t i = (size_t)strtoul(line + 1, NULL, 10);
        double start = now_ms();

        if (i >= n)
            return 1;
        sqlite3_bind_blob(search, 1, queries + i * DIM, ROW, SQLITE_STATIC);
        if (sqlite3_step(search) != SQLITE_ROW)
            return 1;
        printf("%.4f %lld %.6f\n", now_ms() - start, (long long)sqlite3_column_int64(search, 0),
               sqlite3_column_double(search, 1));
        sqlite3_reset(search);
        (void)fflush(stdout);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static float queries[QUERIES_MOST * DIM];
    sqlite3 *db = NULL;
    sqlite3_stmt *search = NULL;
    FILE *f = argc == 4 ? fopen(argv[3], "rb") : NULL;
    size_t n = f ? fread(queries, ROW, QUERIES_MOST, f) : 0;
    int bad = !n || sqlite3_open(argv[1], &db) ||
              sqlite3_create_function(db, "dot", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, dot,
                                      NULL, NULL) ||
              fill(db, argv[2]) ||
              sqlite3_prepare_v2(db,
                                 "SELECT id, dot(v, ?) AS similarity FROM face"
                                 " ORDER BY similarity DESC LIMIT 2",
                                 -1, &search, NULL);

    if (f)
        (void)fclose(f);
    if (bad) {
        (void)fprintf(stderr, "sqlite_dot: %s\n", db ? sqlite3_errmsg(db) : "see the usage");
    } else {
        puts("ready");
        (void)fflush(stdout);
        bad = answer(search, queries, n);
    }
    sqlite3_finalize(search);
    sqlite3_close(db);
    return bad;
}
