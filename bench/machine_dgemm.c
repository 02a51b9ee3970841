// SPDX-License-Identifier: BSD-3-Clause
// dgemm: C = A B, n x n doubles, by CBLAS: the practical floating-point limit, 2 n^3 operations.
#include "bench/machine_part.h"
#include "lib/timer.h"
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

// OpenBLAS has these; another CBLAS may not.
extern void openblas_set_num_threads(int threads) __attribute__((weak));
extern int openblas_get_num_threads(void) __attribute__((weak));
extern char *openblas_get_corename(void) __attribute__((weak));

// Small integers, so that every product and sum is exact in any order.
static double element(int i, int j) { return (i * 7 + j * 3) % 5 - 2; }

static void fill(double *m, int n)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) m[(size_t)i * n + j] = element(i, j);
}

// Is C = A A, at a sample of places?
static gr_status check(const double *c, int n)
{
    for (int i = 0; i < n; i += 37) {
        int j = (i * 11 + 5) % n;
        double sum = 0;
        for (int k = 0; k < n; k++) sum += element(i, k) * element(k, j);
        if (!(c[(size_t)i * n + j] == sum))
            return gr_fail(GR_EDATA, "dgemm: c[%d][%d] = %g, not %g", i, j, c[(size_t)i * n + j],
                           sum);
    }
    return GR_OK;
}

static gr_status best_rate(int n, int repeats, double *flops)
{
    void *block;
    size_t elements = (size_t)n * n;
    GR_TRY(gr_machine_block(3 * elements * sizeof(double), &block));
    double *a = block, *b = a + elements, *c = b + elements, best = INFINITY;
    fill(a, n), fill(b, n);
    for (int k = 0; k <= repeats; k++) { // the first is a warm-up: it touches c
        double start = gr_now();
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a, n, b, n, 0, c, n);
        if (k) best = fmin(best, gr_now() - start);
    }
    gr_status status = check(c, n);
    free(block);
    *flops = 2.0 * n * n * n / best;
    return status;
}

// Enough work for `cores`, a multiple of 64, in `memory` bytes.
static int order_for(int cores, size_t memory)
{
    double n = fmin(512 * cbrt(cores), sqrt((double)memory / (3 * sizeof(double))));
    return (int)fmax(64, fmin(n, 8192)) / 64 * 64;
}

static gr_status put_dgemm(const gr_machine_plan *plan, int cores, json_t *rates)
{
    char member[32];
    double flops;
    snprintf(member, sizeof member, "dgemm_%d", cores);
    if (openblas_set_num_threads) openblas_set_num_threads(cores);
    GR_TRY(best_rate(order_for(cores, plan->memory), 6 * plan->repeats, &flops));
    return gr_machine_put_real(rates, member, 1e-9 * flops);
}

// OpenBLAS knows processors by their model: one that is newer than it, or a virtual one, may get
// the kernels of an old core. Tuned kernels reach more than half of the peak.
static void warn_of_old_kernels(const json_t *rates, json_t *card)
{
    double product = json_number_value(json_object_get(rates, "dgemm_1"));
    double peak = json_number_value(json_object_get(rates, "fma_1"));
    if (openblas_get_corename && product < 0.3 * peak)
        gr_machine_warn(card,
                        "dgemm reaches %.0f %% of the peak: OpenBLAS chose its kernels for '%s'; "
                        "OPENBLAS_CORETYPE=Haswell or SkylakeX in the environment may help",
                        100 * product / peak, openblas_get_corename());
}

gr_status gr_machine_dgemm(const gr_machine_plan *plan, json_t *card)
{
    json_t *rates = gr_machine_group(card, "flops_GFs");
    if (!openblas_set_num_threads)
        return gr_fail(GR_EUNSUP, "this CBLAS is not OpenBLAS: its threads cannot be set");
    int before = openblas_get_num_threads ? openblas_get_num_threads() : plan->cpu.usable;
    gr_status status = put_dgemm(plan, 1, rates);
    if (!status && plan->cpu.usable > 1) status = put_dgemm(plan, plan->cpu.usable, rates);
    openblas_set_num_threads(before);
    warn_of_old_kernels(rates, card);
    return status;
}
