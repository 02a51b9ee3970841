// SPDX-License-Identifier: BSD-3-Clause
// report_sync -- how the ranks of the page "MPI" began their calls together, and what that leaves
// unknown.
#include "bench/report_parts.h"
#include "bench/report_ranks.h"
#include <math.h>

// Sizes that were timed after barriers though windows are possible here.
static size_t fallen_back(const json_t *mpi, size_t *sizes)
{
    const json_t *sweep, *size;
    size_t i, k, fallen = 0;
    json_array_foreach(json_object_get(mpi, "sweeps"), i, sweep)
        json_array_foreach(json_object_get(sweep, "sizes"), k, size)
    {
        ++*sizes;
        fallen += !(gr_json_number(size, "starts") > 0);
    }
    return fallen;
}

static gr_text clocks_words(const json_t *sync)
{
    gr_text error = gr_words_seconds(gr_json_number(sync, "error"));
    if (gr_json_true(sync, "one_clock"))
        return gr_words("All ranks read one clock, as far as messages can tell: %s", error.s);
    return gr_words("Common time is within %s of rank 0's clock (drift %.2g)", error.s,
                    gr_json_number(sync, "drift"));
}

static void put_windows(gr_page *page, const json_t *mpi, const json_t *sync, double starts)
{
    double late = gr_json_number(sync, "late");
    size_t sizes = 0, fallen = fallen_back(mpi, &sizes);
    gr_page_say(page, GR_PARAGRAPH,
                "Ranks begin each call at an agreed moment, and a time is from there to the end of "
                "the last. Of %s calls %s (%s) began late on some rank and are not counted. %s.",
                gr_words_count(starts).s, gr_words_count(late).s, gr_words_percent(late / starts).s,
                clocks_words(sync).s);
    if (fallen)
        gr_page_say(page, GR_PARAGRAPH,
                    "At %zu of %zu calls and sizes more than a quarter were late; these times are "
                    "the longest of all ranks from a barrier on.",
                    fallen, sizes);
}

void gr_part_sync(gr_page *page, const gr_report_run *run)
{
    const json_t *mpi = json_object_get(run->document, "mpi"), *sync = json_object_get(mpi, "sync");
    const char *why = gr_json_text(sync, "why");
    double starts = gr_json_number(sync, "starts");
    if (starts > 0)
        put_windows(page, mpi, sync, starts);
    else
        gr_page_say(page, GR_PARAGRAPH,
                    "A time is the longest of all ranks, from a barrier on%s%.80s.",
                    *why ? ", not from an agreed moment: " : "", why);
}
