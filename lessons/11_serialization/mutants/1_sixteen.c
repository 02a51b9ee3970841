// SPDX-License-Identifier: BSD-3-Clause
// Wrong: so are 16.
#include "lessons/11_serialization/serialization.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_number(char text[SERIAL_TEXT], double x)
{
    for (int digits = 1; digits <= 16; digits++) {
        snprintf(text, SERIAL_TEXT, "%.*g", digits, x);
        double back = strtod(text, NULL);
        if (!memcmp(&back, &x, sizeof x)) return;
    }
}

gr_status exercise(void *problem, int workers)
{
    serial_texts *p = problem;
    (void)workers;
    memset(p->text, 0, p->n * SERIAL_TEXT);
    for (size_t i = 0; i < p->n; i++) write_number(p->text + i * SERIAL_TEXT, p->x[i]);
    return GR_OK;
}
