/* SPDX-License-Identifier: MIT */
/* CSV as spreadsheets write it, as people break it, and as it must be written. */
#include "base/buf.h"
#include "base/csv.h"

#include "ctx_test.h"

/* All records as "line:value|value" with / between them; how it ended as one letter at the end. */
static const char *read_all(struct ctx *ctx, struct str text)
{
    struct buf b = BUF(64 << 10);
    struct str values[CSV_COLUMNS_MAX];
    struct csv r;
    enum csv_result got = CSV_RECORD;
    size_t n;
    struct str out;

    if (!csv_open(ctx, text, &r))
        return "not text";
    while (got == CSV_RECORD || got == CSV_COLUMNS) {
        got = csv_read(&r, values, &n);
        if (got == CSV_END)
            break;
        buf_printf(&b, "%lld:", (long long)r.line);
        for (size_t i = 0; i < n; i++)
            buf_printf(&b, "%s%.*s", i ? "|" : "", (int)values[i].len, values[i].at);
        buf_putc(&b, got == CSV_COLUMNS ? '!' : got == CSV_QUOTE ? '?' : '/');
    }
    out = arena_str(&ctx->arena, buf_view(&b));
    buf_finish(&b);
    return out.at;
}

static void test_reading(void **state)
{
    static const struct {
        const char *text, *records;
    } rows[] = {
        {"", ""},
        {"a", "1:a/"},
        {"a,b\n1,2\n", "1:a|b/2:1|2/"},
        {"a,b\r\n1,2\r\n", "1:a|b/2:1|2/"},
        {"\xef\xbb\xbfnumber;status\r\n7;P", "1:number|status/2:7|P/"},
        {"a;b\n1,5;2\n", "1:a|b/2:1,5|2/"},
        {"a,b\n\"1,5\",\"say \"\"hi\"\"\"\n", "1:a|b/2:1,5|say \"hi\"/"},
        {"a,b\n\"two\nlines\",x\n3,4\n", "1:a|b/2:two\nlines|x/4:3|4/"},
        {"a,b\n,\n\n", "1:a|b/2:|/3:/"},
        {" a , b \n", "1:a|b/"},
        {"a,b\n\"open\n1,2\n", "1:a|b/2:?"},
        {"a,b\n\"x\"y,1\n2,3\n", "1:a|b/2:?"},
        {"\"\"", "1:/"},
        {"a,\"\"", "1:a|/"},
        {"\"a\"\r\n\"b\"", "1:a/2:b/"},
        {"a\n1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\nz\n",
         "1:a/2:1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16!3:z/"},
        {"\xff\n", "not text"},
        {"num\xc3\xa9ro\n", "1:num\xc3\xa9ro/"},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = read_all(ctx, str_of(rows[i].text));

        if (strcmp(got, rows[i].records) != 0)
            print_error("row %zu\n", i);
        assert_string_equal(got, rows[i].records);
    }
    assert_string_equal(read_all(ctx, (struct str){"a\0b", 3}), "not text");
}

static void test_writing_takes_nothing_for_a_formula(void **state)
{
    static const struct {
        const char *value, *cell;
    } rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"a,b", "\"a,b\""},
        {"a;b", "\"a;b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"=1+1", "'=1+1"},
        {"+212600", "'+212600"},
        {"-3", "'-3"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
        {"\tx", "'\tx"},
        {"'quoted", "'quoted"},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf b = BUF(1000);
        struct str values[CSV_COLUMNS_MAX];
        struct csv r;
        size_t n = 0;

        csv_write(&b, str_of(rows[i].value));
        buf_putc(&b, '\0');
        assert_string_equal(b.at, rows[i].cell);
        /* What was written is read back as it was; white space around it is lost. */
        assert_true(csv_open(ctx, str_of(arena_str(&ctx->arena, str_of(b.at)).at), &r));
        csv_read(&r, values, &n);
        if (n)
            assert_true(str_eq(str_trim(csv_plain(values[0])), str_trim(str_of(rows[i].value))));
        buf_finish(&b);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ctx_test(test_reading),
        ctx_test(test_writing_takes_nothing_for_a_formula),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
