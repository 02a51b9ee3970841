// SPDX-License-Identifier: BSD-3-Clause
// The rows that the task `mandelrow` gives are those of the ladder.
#include "lib/ladder.h"
#include "lib/map.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern const gr_ladder gr_ladder_mandelbrot;
extern const gr_func gr_func_mandelrow;

enum { SIDE = 500 };

static void rows_are_those_of_the_ladder(void **state)
{
    (void)state;
    static uint64_t row[SIDE];
    static int32_t counts[SIDE][SIDE];
    void *problem;
    gr_output out[GR_MAX_OUTPUTS];
    const gr_ladder *l = &gr_ladder_mandelbrot;
    assert_int_equal(l->setup(&problem, (gr_size){SIDE, 100}, 1), GR_OK);
    assert_int_equal(l->rungs[gr_ladder_find(l, "squares")].run(problem, 1), GR_OK);
    l->outputs(problem, out);
    for (uint64_t j = 0; j < SIDE; j++) row[j] = j;
    gr_job job = {.func = &gr_func_mandelrow, .n = SIDE, .in = row, .out = counts};
    assert_int_equal(gr_map_run(NULL, &job), GR_OK);
    assert_memory_equal(counts, out[0].view.data, sizeof counts);
    l->teardown(problem);
}

static void there_is_no_row_500(void **state)
{
    (void)state;
    uint64_t row = SIDE;
    int32_t counts[SIDE];
    gr_job job = {.func = &gr_func_mandelrow, .n = 1, .in = &row, .out = counts};
    assert_int_equal(gr_map_run(NULL, &job), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "row 500"));
}

static void a_row_is_written_with_blanks(void **state)
{
    (void)state;
    static const int32_t counts[] = {0, 7, -1};
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    gr_func_mandelrow.print(stream, counts, sizeof counts);
    fclose(stream);
    assert_string_equal(text, "0 7 -1");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_the_ladder),
        cmocka_unit_test(there_is_no_row_500),
        cmocka_unit_test(a_row_is_written_with_blanks),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
