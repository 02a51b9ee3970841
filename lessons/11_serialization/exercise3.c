// SPDX-License-Identifier: BSD-3-Clause
// Step 3: the other byte order
//
// Each file begins with the number 0x01020304 as its machine stores it: bytes 1 2 3 4 where the
// highest comes first, 4 3 2 1 where the lowest does. The doubles behind it are stored alike. Read
// them all. Below, every file is taken for one of this machine's: half of the numbers are wrong,
// and none looks it.
#include "lessons/11_serialization/serialization.h"
#include <string.h>

static void read_file(const unsigned char file[SERIAL_FILE], double y[SERIAL_NUMBERS])
{
    // TODO: look at the mark, and put each byte where it belongs
    memcpy(y, file + 4, SERIAL_NUMBERS * sizeof *y);
}

gr_status exercise(void *problem, int workers)
{
    serial_files *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++)
        read_file(p->bytes + i * SERIAL_FILE, p->y + i * SERIAL_NUMBERS);
    return GR_OK;
}
