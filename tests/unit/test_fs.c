/* SPDX-License-Identifier: MIT */
/* Files: whole or not at all, of their owner alone where that is meant. */
#include <string.h>

#include "temp_dir.h"

static void assert_holds(struct ctx *ctx, const char *path, const char *text)
{
    cleanup(buf_finish) struct buf b = {0};

    assert_int_equal(fs_read(ctx, path, 100, &b), ERR_OK);
    assert_string_equal(b.at, text);
}

static void a_file_is_written_whole(void **state)
{
    struct temp_dir *t = *state;
    const char *path = fs_join(&t->ctx, t->dir, "key");

    assert_int_equal(fs_write(&t->ctx, path, STR("one"), 0600), ERR_OK);
    assert_int_equal(fs_write(&t->ctx, path, STR("other"), 0600), ERR_OK);
    assert_holds(&t->ctx, path, "other");
    assert_mode(path, 0600);
    assert_int_equal(fs_write(&t->ctx, fs_join(&t->ctx, t->dir, "no/key"), STR("x"), 0600),
                     ERR_NOT_FOUND);
    assert_false(fs_exists(fs_join(&t->ctx, t->dir, "key.new")));
}

/* Of a crash, or put there by somebody. */
static void what_lies_in_the_way_is_not_written_into(void **state)
{
    struct temp_dir *t = *state;
    const char *path = fs_join(&t->ctx, t->dir, "key");
    const char *beside = fs_join(&t->ctx, t->dir, "key.new");
    const char *other = temp_file(t, "other", "mine");

    assert_int_equal(symlink(other, beside), 0);
    assert_int_equal(fs_write(&t->ctx, path, STR("secret"), 0600), ERR_OK);
    assert_holds(&t->ctx, other, "mine");
    assert_holds(&t->ctx, path, "secret");

    temp_file(t, "key.new", "left");
    assert_int_equal(chmod(beside, 0666), 0);
    assert_int_equal(fs_write(&t->ctx, path, STR("secret"), 0600), ERR_OK);
    assert_mode(path, 0600);

    assert_int_equal(mkdir(beside, 0700), 0);
    assert_int_equal(fs_write(&t->ctx, path, STR("third"), 0600), ERR_INTERNAL);
    fault_clear(&t->ctx);
    assert_int_equal(rmdir(beside), 0);
    assert_holds(&t->ctx, path, "secret");
}

static void a_key_is_its_owners_alone(void **state)
{
    static const struct {
        unsigned file, folder;
        const char *problem;
    } rows[] = {
        {0600, 0700, NULL},     {0400, 0755, NULL},     {0640, 0700, "group"},
        {0644, 0700, "others"}, {0660, 0700, "others"}, {0601, 0700, "others"},
        {0600, 0770, "folder"}, {0600, 0702, "folder"}, {0600, 01777, "folder"},
    };
    struct temp_dir *t = *state;
    const char *path = temp_file(t, "key", "secret");

    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(chmod(path, rows[i].file), 0);
        assert_int_equal(chmod(t->dir, rows[i].folder), 0);
        struct fs_exposure x = fs_exposure(&t->ctx, path);

        assert_true(!x.problem == !rows[i].problem && !x.problem == !x.mend);
        if (x.problem)
            assert_non_null(strstr(x.problem, rows[i].problem));
    }
    assert_int_equal(unlink(path), 0);
    assert_non_null(fs_exposure(&t->ctx, path).problem); /* it would be made in that folder */
    assert_int_equal(chmod(t->dir, 0700), 0);
    assert_null(fs_exposure(&t->ctx, path).problem);
    assert_null(fs_exposure(&t->ctx, "/nowhere/at/all").problem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_written_whole, temp_dir_setup, temp_dir_teardown),
        cmocka_unit_test_setup_teardown(what_lies_in_the_way_is_not_written_into, temp_dir_setup,
                                        temp_dir_teardown),
        cmocka_unit_test_setup_teardown(a_key_is_its_owners_alone, temp_dir_setup,
                                        temp_dir_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
