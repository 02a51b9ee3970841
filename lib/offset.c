// SPDX-License-Identifier: BSD-3-Clause
#include "lib/offset.h"
#include <math.h>

gr_offset gr_offset_of(const gr_exchange *exchanges, size_t n)
{
    double least = -INFINITY, most = INFINITY;
    for (size_t i = 0; i < n; i++) {
        const gr_exchange *e = &exchanges[i];
        least = fmax(least, e->there - e->back);
        most = fmin(most, e->there - e->sent);
    }
    if (!n || !(least <= most)) return (gr_offset){NAN, NAN, NAN};
    return (gr_offset){.at = (exchanges[0].sent + exchanges[n - 1].back) / 2,
                       .value = (least + most) / 2,
                       .error = (most - least) / 2};
}

bool gr_offset_none(const gr_offset *offsets, size_t n)
{
    bool none = n > 0;
    for (size_t i = 0; i < n; i++) none = none && fabs(offsets[i].value) <= offsets[i].error;
    return none;
}

// How far off the line may be at its own points.
static double error_of(gr_clock_line line, const gr_offset *offsets, size_t n)
{
    double bound = 0, distance = 0;
    for (size_t i = 0; i < n; i++) {
        bound = fmax(bound, offsets[i].error);
        distance = fmax(
            distance, fabs(line.value + line.drift * (offsets[i].at - line.at) - offsets[i].value));
    }
    return bound + distance;
}

gr_clock_line gr_clock_line_of(const gr_offset *offsets, size_t n)
{
    double at = 0, value = 0, tt = 0, tv = 0;
    for (size_t i = 0; i < n; i++) {
        at += offsets[i].at / (double)n;
        value += offsets[i].value / (double)n;
    }
    for (size_t i = 0; i < n; i++) { // around the mean, or digits are lost
        double dt = offsets[i].at - at;
        tt += dt * dt, tv += dt * (offsets[i].value - value);
    }
    if (!n || isnan(value)) return (gr_clock_line){NAN, NAN, NAN, NAN};
    gr_clock_line line = {.at = at, .value = value, .drift = tt > 0 ? tv / tt : 0};
    line.error = error_of(line, offsets, n);
    return line;
}

gr_clock_line gr_clock_line_same(void) { return (gr_clock_line){.at = 0}; }

double gr_clock_there(gr_clock_line line, double t)
{
    return t + line.value + line.drift * (t - line.at);
}

double gr_clock_here(gr_clock_line line, double t)
{
    return line.at + (t - line.value - line.at) / (1 + line.drift);
}

gr_clock_line gr_clock_line_on(gr_clock_line here, gr_clock_line there)
{
    double second = gr_clock_there(here, here.at), third = gr_clock_there(there, second);
    return (gr_clock_line){.at = here.at,
                           .value = third - here.at,
                           .drift = (1 + here.drift) * (1 + there.drift) - 1,
                           .error = here.error + there.error};
}
