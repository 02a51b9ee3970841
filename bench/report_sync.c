// SPDX-License-Identifier: BSD-3-Clause
// report_sync -- how the ranks of the page "MPI" began their calls together, what that leaves
// unknown, and which of them are slow.
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

// ---- slow ranks --------------------------------------------------------------------------------

static size_t count_slow(const json_t *speed, double *least, double *most)
{
    const json_t *rank;
    size_t r, slow = 0;
    *least = INFINITY, *most = 0;
    json_array_foreach(speed, r, rank)
    {
        double t = gr_json_number(rank, "median");
        *least = fmin(*least, t), *most = fmax(*most, t);
        slow += gr_json_true(rank, "slow");
    }
    return slow;
}

static void put_slow_ranks(gr_page *page, const json_t *speed)
{
    static const gr_column columns[] = {
        {"Slow rank", true, 15}, {"Host", false, 35}, {"Time", true, 30}, {"The others", true, 20}};
    const json_t *rank;
    size_t r;
    gr_page_table(page, "The same work took longer on these", columns, 4);
    json_array_foreach(speed, r, rank)
    {
        if (!gr_json_true(rank, "slow")) continue;
        gr_text time = gr_words_seconds(gr_json_number(rank, "median"));
        gr_text sure =
            gr_words("95%% sure: %s",
                     gr_words_interval(gr_json_number(rank, "lo"), gr_json_number(rank, "hi")).s);
        gr_page_row(page);
        gr_page_text(page, "%zu", r);
        gr_page_text(page, "%.63s", gr_json_text(rank, "host"));
        gr_page_cell(page, &(gr_cell){.text = time.s, .small = sure.s});
        gr_page_text(page, "%s", gr_words_seconds(gr_json_number(rank, "others")).s);
        gr_page_row_end(page);
    }
    gr_page_table_end(page);
}

static void put_speeds(gr_page *page, const json_t *speed)
{
    double least, most;
    size_t slow = count_slow(speed, &least, &most), ranks = json_array_size(speed);
    if (ranks < 2) return;
    gr_page_say(page, GR_PARAGRAPH,
                "The same arithmetic, done on all ranks at a time between the collectives, took %s "
                "on them (medians): %zu of %zu ranks %s slow.",
                gr_words_interval(least, most).s, slow, ranks, slow == 1 ? "is" : "are");
    if (!slow) return;
    put_slow_ranks(page, speed);
    gr_page_say(page, GR_NOTE,
                "Slow is a rank whose whole interval lies above the median of the others by more "
                "than 5 %% and by more than five of their deviations (1.4826 times the median "
                "absolute deviation). All collectives wait for it.");
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
    put_speeds(page, json_object_get(mpi, "speed"));
}
