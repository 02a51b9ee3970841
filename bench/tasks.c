// SPDX-License-Identifier: BSD-3-Clause
// tasks -- two small functions for maps, beside those that the lessons define: `square` has next to
// nothing to do, `sleep` takes time and no core.
//
// As all tasks of `gradus map`: a record is one whole number, a uint64_t.
#include "lib/map.h"
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

static uint64_t number_of(const gr_call *call)
{
    uint64_t number;
    memcpy(&number, call->in, sizeof number);
    return number;
}

static gr_status give(gr_call *call, uint64_t result)
{
    memcpy(call->out, &result, sizeof result);
    return GR_OK;
}

static gr_status square(gr_call *call)
{
    uint64_t x = number_of(call);
    if (x > 3037000499) // the root of INT64_MAX
        return gr_fail(GR_EARG, "the square of %" PRIu64 " has more than 63 bits", x);
    return give(call, x * x);
}

static gr_status sleep_for(gr_call *call)
{
    uint64_t us = number_of(call);
    if (us > INT64_MAX / 1000)
        return gr_fail(GR_EARG, "%" PRIu64 " us: longer than a lifetime", us);
    struct timespec left = {(time_t)(us / 1000000), (long)(us % 1000000 * 1000)};
    while (nanosleep(&left, &left) && errno == EINTR) continue;
    return give(call, us);
}

const gr_func gr_func_square = {
    .name = "square",
    .about = "n * n, for n up to 3037000499",
    .call = square,
    .in_size = sizeof(uint64_t),
    .out_size = sizeof(int64_t),
};

const gr_func gr_func_sleep = {
    .name = "sleep",
    .about = "sleeps n microseconds: a task that costs time and no arithmetic",
    .call = sleep_for,
    .in_size = sizeof(uint64_t),
    .out_size = sizeof(int64_t),
};
