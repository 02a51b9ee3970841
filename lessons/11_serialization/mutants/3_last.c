// SPDX-License-Identifier: BSD-3-Clause
// Wrong: leaves out the last number.
#include "lessons/11_serialization/serialization.h"
#include <string.h>

static void read_file(const unsigned char file[SERIAL_FILE], double y[SERIAL_NUMBERS])
{
    bool low_first = file[0] == 4;
    for (int k = 0; k < SERIAL_NUMBERS - 1; k++) {
        uint64_t bits = 0;
        for (int j = 0; j < 8; j++)
            bits |= (uint64_t)file[4 + 8 * k + j] << 8 * (low_first ? j : 7 - j);
        memcpy(&y[k], &bits, sizeof bits);
    }
}

gr_status exercise(void *problem, int workers)
{
    serial_files *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++)
        read_file(p->bytes + i * SERIAL_FILE, p->y + i * SERIAL_NUMBERS);
    return GR_OK;
}
