// SPDX-License-Identifier: BSD-3-Clause
// Step 1: digits that bring the number back
//
// Write each number with the fewest significant digits, as printf's "%.*g" writes them, that strtod
// turns back into the same 64 bits. Below, "%f" writes six digits behind the point, whatever the
// number: 1e-9 becomes 0.000000, and 1/3 comes back as another number.
#include "lessons/11_serialization/serialization.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_number(char text[SERIAL_TEXT], double x)
{
    // TODO: 1, 2, ... 17 digits, until strtod(text, NULL) has the bits of x
    snprintf(text, SERIAL_TEXT, "%f", x);
}

gr_status exercise(void *problem, int workers)
{
    serial_texts *p = problem;
    (void)workers;
    memset(p->text, 0, p->n * SERIAL_TEXT);
    for (size_t i = 0; i < p->n; i++) write_number(p->text + i * SERIAL_TEXT, p->x[i]);
    return GR_OK;
}
