// SPDX-License-Identifier: BSD-3-Clause
#include "bench/talk.h"
#include <stddef.h>

static const gr_talk_row powers[] = {
    {"`a ** 2.1`, 1000 numbers", 154e-6, 0, GR_TALK_TIME, "power", "pow", "numpy"},
    {"`a ** 2`", 5.73e-6, 0, GR_TALK_TIME, "square", "dispatch", "numpy"},
    {"`a * a`", 5.56e-6, 0, GR_TALK_TIME, "square", "multiply", "numpy"},
    {.kind = GR_TALK_GROUP_END}};

static const gr_talk_row profile[] = {
    {"the whole program, by `%run -p`", 14.551, 0, GR_TALK_TIME, "demo", "whole", "numpy"},
    {"user time, by `%run -t`", 14.3929, 0, GR_TALK_TIME, "demo", "whole", NULL},
    {"system time, by `%run -t`", 0.256016, 0, GR_TALK_TIME, NULL, NULL, NULL},
    {"function `svd`", 14.457, 0, GR_TALK_TIME, "demo", "svd", NULL},
    {"function `random_sample`", 0.054, 0, GR_TALK_TIME, "demo", "random", NULL},
    {"function `asarray_chkfinite`", 0.017, 0, GR_TALK_TIME, NULL, NULL, NULL},
    {"function `dot`", 0.005, 0, GR_TALK_TIME, "demo", "dot", NULL},
    {"function `any`", 0.002, 0, GR_TALK_TIME, NULL, NULL, NULL},
    {"each of the 13 other functions", 0.001, 0, GR_TALK_AT_MOST, NULL, NULL, NULL},
    {"the function `test`, by line", 14.2793, 0, GR_TALK_TIME, "demo", "whole", NULL},
    {"its line of random numbers", 19015e-6, 0, GR_TALK_TIME, "demo", "random", NULL},
    {"its line with `svd`", 14.242163, 0, GR_TALK_TIME, "demo", "svd", NULL},
    {"its line with `dot`", 10282e-6, 0, GR_TALK_TIME, "demo", "dot", NULL},
    {"its line with the ICA", 7799e-6, 0, GR_TALK_TIME, "demo", "ica", NULL},
    {.kind = GR_TALK_GROUP_END}};

static const gr_talk_row svd[] = {
    {"`np.linalg.svd(data)`, 5000 x 100", 14.5, 0, GR_TALK_TIME, "svd", "full", "numpy"},
    {"`linalg.svd(data)`", 14.2, 0, GR_TALK_TIME, "svd", "full", "scipy"},
    {"`linalg.svd`, economy size", 295e-3, 0, GR_TALK_TIME, "svd", "economy", "scipy"},
    {"`np.linalg.svd`, economy size", 293e-3, 0, GR_TALK_TIME, "svd", "economy", "numpy"},
    {.kind = GR_TALK_GROUP_END}};

static const gr_talk_row in_place[] = {
    {"`a = 0 * a`, 10 million numbers", 111e-3, 0, GR_TALK_TIME, "scale", "copy", "numpy"},
    {"`a *= 0`", 48.4e-3, 0, GR_TALK_TIME, "scale", "inplace", "numpy"},
    {.kind = GR_TALK_GROUP_END}};

static const gr_talk_row copy[] = {
    {"`a.copy()`, 10 million numbers", 124e-3, 0, GR_TALK_TIME, "copy", "copy", "numpy"},
    {"`a + 1`", 112e-3, 0, GR_TALK_TIME, "copy", "add", "numpy"},
    {.kind = GR_TALK_GROUP_END}};

static const gr_talk_row sum[] = {
    {"`c.sum(axis=0)`, 10000 x 10000", 3.89, 0, GR_TALK_TIME, "sum", "columns", "numpy"},
    {"`c.sum(axis=1)`", 188e-3, 0, GR_TALK_TIME, "sum", "rows", "numpy"},
    {.kind = GR_TALK_GROUP_END}};

static const gr_talk_row dot[] = {
    {"`np.dot(b, a.T)`, 20 x 262144", 194e-3, 0, GR_TALK_TIME, "dot", "strided", "numpy"},
    {"`np.dot(b, c)`, c contiguous", 84.2e-3, 0, GR_TALK_TIME, "dot", "contiguous", "numpy"},
    {"making c: `ascontiguousarray`", 106e-3, 0, GR_TALK_TIME, "dot", "transpose", "numpy"},
    {.kind = GR_TALK_GROUP_END}};

static const gr_talk_row laplace[] = {
    {"pure Python", 133, 0, GR_TALK_TIME, "laplace", "boxed", "python3"},
    {"NumPy", 1.36, 0, GR_TALK_TIME, "jacobi", "numpy", "numpy"},
    {"weave.blitz", 0.56, 0, GR_TALK_TIME, "jacobi", "fused", NULL},
    {"weave.inline", 0.25, 0, GR_TALK_TIME, "laplace", "hoisted", "cython"},
    {.kind = GR_TALK_GROUP_END}};

static const gr_talk_row mandelbrot[] = {
    {"pure Python", 74.3, 1, GR_TALK_TIME, "mandelbrot", "boxed", "python3"},
    {"Cython, step 1: types", 0.291, 255, GR_TALK_TIME, "mandelbrot", "complex", NULL},
    {"Cython, step 2: cdef", 0.213, 350, GR_TALK_TIME, "mandelbrot", "split", NULL},
    {"Cython, step 3: arrays", 0.0397, 1870, GR_TALK_TIME, "mandelbrot", "inline", "cython"},
    {.kind = GR_TALK_GROUP_END}};

static const gr_talk_row primes[] = {{"a pool of processes on 8 cores, 1000000 numbers", 0, 4.5,
                                      GR_TALK_SPEEDUP, "primes", "pool", "python3"},
                                     {.kind = GR_TALK_GROUP_END}};

const gr_talk_group gr_talk[] = {
    {"timeit", "02_timing", NULL, false, powers},
    {"Profiling: SVD and ICA", "03_profiling", NULL, true, profile},
    {"Make sure to try alternatives", "04_alternatives", NULL, false, svd},
    {"In-place operations", "07_cache", NULL, false, in_place},
    {"Copies", "07_cache", NULL, false, copy},
    {"Cache effects: the axis of a sum", "07_cache", NULL, false, sum},
    {"Cache effects: order in memory", "07_cache", NULL, false, dot},
    {"Laplace's equation", "09_laplace",
     "The talk compares two algorithms: pure Python and weave.inline sweep in place "
     "(Gauss-Seidel, ladder `laplace`), NumPy and weave.blitz from one array to another (Jacobi, "
     "ladder `jacobi`).",
     false, laplace},
    {"Mandelbrot", "10_mandelbrot",
     "The talk took its times on a dual-core 2.33 GHz machine with 500 x 500 points and 100 "
     "iterations.",
     false, mandelbrot},
    {"Task pools: primes", "12_pools",
     "The talk prints a speedup and no time. Here the ratio is over the best rung on one core, and "
     "`pool` sends numbers and answers through pipes, as the talk's pool does.",
     false, primes},
    {NULL, NULL, NULL, false, NULL},
};
