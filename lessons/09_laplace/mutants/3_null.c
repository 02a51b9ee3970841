// SPDX-License-Identifier: BSD-3-Clause
// Wrong: does nothing.
#include "lessons/09_laplace/laplace.h"

gr_status exercise(void *problem, int workers)
{
    (void)problem;
    (void)workers;
    return GR_OK;
}
