// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_memory.h"
#include "lib/cpu.h"
#include "lib/ranks.h"
#include "parallel/ranks_clocks.h"
#include <math.h>

// Bytes for each rank of the fullest node, of the node with least; INFINITY if it is not known.
static double room(void)
{
    double free_here = (double)gr_cpu_of_machine().memory_available;
    double least = -gr_ranks_max(free_here > 0 ? -free_here : -INFINITY);
    return least / gr_ranks_per_node();
}

bool gr_ranks_fit(double bytes)
{
    static double each; // asked for once: it takes some milliseconds
    if (each == 0) each = room();
    return bytes < each / 2;
}
