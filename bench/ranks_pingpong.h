// SPDX-License-Identifier: BSD-3-Clause
// ranks_pingpong -- the time of messages between two ranks by their size, and the lines through it.
#pragma once
#include "bench/json.h"
#include "bench/report_words.h"
#include "lib/line.h"

enum { GR_PINGPONG_SIZES = 23 }; // 1 byte to 4 MiB

// Sizes double; a time is half of an exchange (parallel/ranks_probe.h).
typedef struct gr_pingpong {
    double bytes[GR_PINGPONG_SIZES], seconds[GR_PINGPONG_SIZES];
    size_t n;
} gr_pingpong;

// Between ranks 0 and 1, `samples` <= 64 loops for each size. Collective, the same on all ranks.
gr_status gr_pingpong_measure(gr_pingpong *p, size_t samples);

// As an array of {"bytes", "seconds"}; and back: what is no message is left out.
json_t *gr_pingpong_json(const gr_pingpong *p);
gr_pingpong gr_pingpong_of(const json_t *array);

// Measures and lets rank 0 print the array.
gr_status gr_pingpong_print(void);

// Two lines, latency + n / bandwidth, one to *last bytes and one beyond. GR_EARG for too few sizes.
gr_status gr_pingpong_fit(const gr_pingpong *p, gr_line line[2], double *last);

// "474 ns + n / (12.1 G byte/s), off by 3 %": a line in words. One that falls, as noise may make
// it, has no bandwidth to tell.
gr_text gr_pingpong_words(const gr_line *line);
