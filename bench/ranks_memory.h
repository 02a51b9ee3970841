// SPDX-License-Identifier: BSD-3-Clause
// ranks_memory -- does it fit, when each rank has so much? A node has as many ranks as cores, and
// what one process would never notice is too much for a hundred.
#pragma once
#include <stdbool.h>

// Do `bytes` on each rank take less than half of the memory that was free, on the node with least,
// when it was asked for the first time? The same on all ranks. Collective.
bool gr_ranks_fit(double bytes);
