// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_pingpong.h"
#include "parallel/ranks_probe.h"
#include <math.h>
#include <stdio.h>

gr_status gr_pingpong_measure(gr_pingpong *p, size_t samples)
{
    *p = (gr_pingpong){.n = GR_PINGPONG_SIZES};
    for (size_t i = 0; i < p->n; i++) {
        p->bytes[i] = (double)((size_t)1 << i);
        size_t loops = (size_t)(2000 / (1 + p->bytes[i] / 4096)) + 2;
        GR_TRY(gr_ranks_pingpong((size_t)p->bytes[i], loops, samples, &p->seconds[i]));
    }
    return GR_OK;
}

json_t *gr_pingpong_json(const gr_pingpong *p)
{
    json_t *array = json_array();
    for (size_t i = 0; i < p->n; i++)
        json_array_append_new(
            array, json_pack("{s:f, s:f}", "bytes", p->bytes[i], "seconds", p->seconds[i]));
    return array;
}

gr_pingpong gr_pingpong_of(const json_t *array)
{
    gr_pingpong p = {.n = 0};
    const json_t *message;
    size_t i;
    json_array_foreach(array, i, message)
    {
        double bytes = gr_json_number(message, "bytes");
        double seconds = gr_json_number(message, "seconds"), before = p.n ? p.bytes[p.n - 1] : 0;
        bool fine = bytes > before && bytes < 1e18 && seconds > 0 && seconds < INFINITY;
        if (!fine || p.n == GR_PINGPONG_SIZES) continue;
        p.bytes[p.n] = bytes, p.seconds[p.n++] = seconds;
    }
    return p;
}

gr_status gr_pingpong_print(void)
{
    gr_pingpong p;
    GR_TRY(gr_pingpong_measure(&p, 12));
    if (gr_rank() > 0) return GR_OK;
    json_t *array = gr_pingpong_json(&p);
    json_dumpf(array, stdout, JSON_COMPACT | JSON_REAL_PRECISION(7));
    putchar('\n');
    json_decref(array);
    return GR_OK;
}

gr_status gr_pingpong_fit(const gr_pingpong *p, gr_line line[2], double *last)
{
    size_t split;
    GR_TRY(gr_line_fit_two(p->bytes, p->seconds, p->n, line, &split));
    *last = p->bytes[split - 1];
    return GR_OK;
}

gr_text gr_pingpong_words(const gr_line *line)
{
    gr_text off = gr_words_percent(line->error), at0 = gr_words_seconds(line->at0);
    if (!(line->slope > 0)) return gr_words("%s, whatever n is, off by %s", at0.s, off.s);
    return gr_words("%s + n / (%s), off by %s", at0.s, gr_words_rate(1 / line->slope, "byte/s").s,
                    off.s);
}
