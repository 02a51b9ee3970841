// SPDX-License-Identifier: BSD-3-Clause
// ranks_speed -- is one of the ranks slower than the others, and where does it run?
//
// All ranks do the same arithmetic at the same time, again and again while collectives are timed,
// and each takes its own times. What a rank takes in a collective would not tell: the last of a
// broadcast ends last on the best of machines, and all wait for the slowest.
#pragma once
#include "lib/stats.h"
#include "lib/status.h"
#include <stdint.h>

enum { GR_METER_READINGS = 512, GR_HOST_NAME = 64 };

typedef struct gr_meter {
    int64_t steps;                     // of the loop, the same on all ranks: a millisecond or more
    double seconds[GR_METER_READINGS]; // of this rank
    size_t n;
} gr_meter;

// Finds the number of steps and takes twelve readings. Collective, as are the next two.
void gr_meter_begin(gr_meter *meter);

// Takes one more, up to GR_METER_READINGS.
void gr_meter_read(gr_meter *meter);

typedef struct gr_rank_speed {
    gr_interval seconds; // of its readings
    double others;       // the median of the other ranks' medians; NaN: alone
    bool slow;
    char host[GR_HOST_NAME];
} gr_rank_speed;

// What all ranks took, judged: at rank 0 *all is one for each rank, to be freed; elsewhere NULL.
// GR_ENOMEM on all ranks.
gr_status gr_meter_gather(gr_meter *meter, gr_rank_speed **all);

// Fills in `others` and `slow` from `seconds`. Slow is a rank whose whole interval lies above the
// median of the others' medians by more than a twentieth of it and by more than five of their
// median absolute deviations (times 1.4826: standard deviations, were they normal). A rank without
// an interval, or alone, is not judged. GR_ENOMEM.
gr_status gr_speed_judge(gr_rank_speed *all, size_t ranks);
