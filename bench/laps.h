// SPDX-License-Identifier: BSD-3-Clause
// laps -- the running of a plan: a lap is every task once, each in a fresh process, in random
// order.
//
// After one lap there is a whole, rough table; each further lap makes its intervals narrower. What
// has been recorded is not measured again, so a run that was killed goes on where it was.
#pragma once
#include "bench/plan.h"
#include "bench/store.h"

typedef struct gr_laps {
    const gr_plan *plan;
    gr_store *store;
    double budget; // s, counted over all sessions of the run; the first lap may take twice as much
    double launch; // s of samples in one launch
    int least, most; // laps: at least (if the budget allows), and at most
    bool quick;      // a shorter machine card
} gr_laps;

// Runs what is missing. GR_OK also when the budget ended it early; GR_ESYS when interrupted (all
// that was measured is recorded) or when a line could not be written. *whole: all laps were run.
gr_status gr_laps_run(const gr_laps *laps, bool *whole);
