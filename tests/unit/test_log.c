/* SPDX-License-Identifier: MIT */
/* Log lines: whatever a text holds, one event is one line that a program can read back. */
#include <jansson.h>
#include <pthread.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"

#include "temp_dir.h"

/* Texts as strangers send them. */
static const struct str texts[] = {
    {"plain", 5},
    {"", 0},
    {"two words", 9},
    {"a=b", 3},
    {"quote\"quote", 11},
    {"back\\slash", 10},
    {"line\nlevel=error event=forged", 29},
    {"return\rtab\tbell\a", 16},
    {"nul\0nul", 7},
    {"\x1b[31mred", 8},
    {"\x7f", 1},
    {"\",\"admin\":true,\"x\":\"", 21},
    {"<script>", 8},
    {"école مدرسة", 17},
    {"\xff\xfe", 2},
    {"cut \xc3", 5},
    {"next\xc2\x85line\xe2\x80\xa8para\xe2\x80\xa9", 18},
};

/* Runs fn with stderr going to a file, and gives what it wrote. */
static struct str written(struct temp_dir *t, void (*fn)(void *arg), void *arg)
{
    const char *path = temp_file(t, "log", "");
    FILE *to = fopen(path, "ae");
    int kept = dup(STDERR_FILENO);
    struct buf b = {0};
    struct str all;

    assert_non_null(to);
    assert_true(kept >= 0);
    assert_true(dup2(fileno(to), STDERR_FILENO) >= 0);
    fn(arg);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    (void)fclose(to);
    assert_int_equal(fs_read(&t->ctx, path, 64 << 20, &b), ERR_OK);
    all = arena_str(&t->ctx.arena, buf_view(&b));
    buf_finish(&b);
    return all;
}

static void write_text(void *arg)
{
    const struct str *text = arg;

    log_write(NULL, LOG_INFO, "tested", (struct log_pair[]){LS("text", *text), LI("n", -5)}, 2);
}

/* One line, ended once, of nothing a terminal or a reader of lines would act upon. */
static void assert_one_line(struct str all)
{
    assert_true(all.len > 1 && all.at[all.len - 1] == '\n');
    assert_true(str_is_utf8(all));
    for (size_t i = 0; i + 1 < all.len; i++)
        assert_true((unsigned char)all.at[i] >= ' ' && all.at[i] != 127);
}

static void json_lines_can_be_read_back(void **state)
{
    struct temp_dir *t = *state;

    log_setup(LOG_INFO, LOG_JSON);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct str line = written(t, write_text, (void *)(uintptr_t)&texts[i]);
        json_t *json = json_loadb(line.at, line.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
        const json_t *text = json_object_get(json, "text");

        assert_one_line(line);
        assert_non_null(json);
        assert_int_equal(json_object_size(json), 5);
        assert_string_equal(json_string_value(json_object_get(json, "event")), "tested");
        assert_string_equal(json_string_value(json_object_get(json, "level")), "info");
        assert_int_equal(json_integer_value(json_object_get(json, "n")), -5);
        if (str_is_utf8(texts[i]) || memchr(texts[i].at, 0, texts[i].len)) {
            assert_int_equal(json_string_length(text), texts[i].len);
            assert_memory_equal(json_string_value(text), texts[i].at, texts[i].len);
        }
        json_decref(json);
    }
}

/* The end of a logfmt value: after its closing quote, or before the next space. */
static const char *value_end(const char *at)
{
    if (*at != '"')
        return at + strcspn(at, " \n");
    for (at++; *at != '"'; at++) {
        assert_true(*at != '\0' && *at != '\n');
        at += *at == '\\';
    }
    return at + 1;
}

static void logfmt_pairs_cannot_be_forged(void **state)
{
    static const char *const keys[] = {"time", "level", "event", "text", "n"};
    struct temp_dir *t = *state;

    log_setup(LOG_INFO, LOG_LOGFMT);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct str line = written(t, write_text, (void *)(uintptr_t)&texts[i]);
        const char *at = line.at;

        assert_one_line(line);
        for (size_t k = 0; k < COUNT(keys); k++) {
            assert_memory_equal(at, keys[k], strlen(keys[k]));
            at += strlen(keys[k]);
            assert_int_equal(*at, '=');
            at = value_end(at + 1);
            assert_int_equal(*at++, k + 1 < COUNT(keys) ? ' ' : '\n');
        }
        assert_ptr_equal(at, line.at + line.len);
    }
}

static void write_levels(void *arg)
{
    (void)arg;
    for (enum log_level l = LOG_DEBUG; l <= LOG_ERROR; l++)
        log_write(NULL, l, "tested", NULL, 0);
}

static void lesser_levels_are_left_out(void **state)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};

    for (enum log_level least = LOG_DEBUG; least <= LOG_ERROR; least++) {
        struct str all;

        log_setup(least, LOG_LOGFMT);
        all = written(*state, write_levels, NULL);
        for (enum log_level l = LOG_DEBUG; l <= LOG_ERROR; l++) {
            char part[32];

            (void)snprintf(part, sizeof(part), "level=%s ", names[l]);
            assert_int_equal(strstr(all.at, part) != NULL, l >= least);
        }
    }
}

static void write_request(void *arg)
{
    log_write(arg, LOG_WARN, "tested", (struct log_pair[]){LC("path", "/a")}, 1);
}

static void the_request_is_named(void **state)
{
    struct temp_dir *t = *state;
    struct str line;

    log_setup(LOG_INFO, LOG_LOGFMT);
    t->ctx.request_id = STR("r-17");
    t->ctx.ip = STR("203.0.113.9");
    line = written(t, write_request, &t->ctx);
    assert_non_null(strstr(line.at, " request_id=r-17 path=/a\n"));
    /* Nothing else of the caller goes along. */
    assert_null(strstr(line.at, "203.0.113.9"));
}

/* A text as long as somebody likes makes a long line, not none. */
static void a_long_text_is_cut(void **state)
{
    struct temp_dir *t = *state;
    struct str text = {arena_alloc(&t->ctx.arena, 200000), 200000};
    struct str line;

    memset((char *)(uintptr_t)text.at, '\n', text.len);
    for (enum log_format f = LOG_LOGFMT; f <= LOG_JSON; f++) {
        log_setup(LOG_INFO, f);
        line = written(t, write_text, &text);
        assert_one_line(line);
        assert_true(line.len < 16 << 10);
        assert_non_null(strstr(line.at, "\\n"));
        assert_non_null(strstr(line.at, f == LOG_JSON ? "\"n\":-5}" : "n=-5\n"));
    }
}

enum { THREADS = 4, LINES = 300 };

static void *write_lines(void *arg)
{
    struct str text = *(const struct str *)arg;

    for (int i = 0; i < LINES; i++)
        log_write(NULL, LOG_INFO, "tested", (struct log_pair[]){LS("text", text)}, 1);
    return NULL;
}

static void write_crowd(void *arg)
{
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_lines, arg), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void lines_of_threads_do_not_mix(void **state)
{
    static const struct str text = {"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", 50};
    struct str rest;
    size_t n = 0;

    log_setup(LOG_INFO, LOG_JSON);
    rest = written(*state, write_crowd, (void *)(uintptr_t)&text);
    for (; rest.len; n++) {
        struct str line = str_cut(&rest, '\n');
        json_t *json = json_loadb(line.at, line.len, 0, NULL);

        assert_non_null(json);
        json_decref(json);
    }
    assert_int_equal(n, THREADS * LINES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        temp_dir_test(json_lines_can_be_read_back), temp_dir_test(logfmt_pairs_cannot_be_forged),
        temp_dir_test(lesser_levels_are_left_out),  temp_dir_test(the_request_is_named),
        temp_dir_test(a_long_text_is_cut),          temp_dir_test(lines_of_threads_do_not_mix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
