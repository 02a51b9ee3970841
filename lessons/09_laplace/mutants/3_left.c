// SPDX-License-Identifier: BSD-3-Clause
// Wrong: begins the second sweep of a row with the left edge of the row below.
#include "lessons/09_laplace/laplace.h"
#include <math.h>

static inline double update(double *c, double left, const gr_laplace *p, double *err)
{
    const size_t n = p->n;
    double tmp = *c;
    double next = ((*(c - n) + *(c + n)) * p->dy2 + (left + *(c + 1)) * p->dx2) * p->dnr_inv;
    *err += (next - tmp) * (next - tmp);
    return *c = next;
}

// A row by one sweep alone.
static void one_row(double *row, const gr_laplace *p, double *err)
{
    double left = row[0];
    for (size_t j = 1; j < p->n - 1; j++) left = update(row + j, left, p, err);
}

// `row` by the first sweep, the row above it by the second.
static void two_rows(double *row, const gr_laplace *p, double *first, double *second)
{
    double *above = row - p->n, left_1 = row[0], left_2 = row[0], err_1 = *first, err_2 = *second;
    for (size_t j = 1; j < p->n - 1; j++) {
        left_1 = update(row + j, left_1, p, &err_1);
        left_2 = update(above + j, left_2, p, &err_2);
    }
    *first = err_1;
    *second = err_2;
}

gr_status exercise(void *problem, int workers)
{
    (void)workers;
    const gr_laplace local = *(gr_laplace *)problem, *p = &local; // no store to u can change these
    const size_t n = p->n;
    double *u = p->u;
    for (size_t k = 0; k < p->steps; k++) p->errors[k] = 0;
    if (n < 3) return GR_OK;
    size_t k = 0;
    for (; k + 2 <= p->steps; k += 2) {
        double first = 0, second = 0;
        one_row(u + n, p, &first);
        for (size_t i = 2; i < n - 1; i++) two_rows(u + i * n, p, &first, &second);
        one_row(u + (n - 2) * n, p, &second);
        p->errors[k] = sqrt(first);
        p->errors[k + 1] = sqrt(second);
    }
    for (; k < p->steps; k++) {
        double err = 0;
        for (size_t i = 1; i < n - 1; i++) {
            double left = u[i * n];
            for (size_t j = 1; j < n - 1; j++) left = update(u + i * n + j, left, p, &err);
        }
        p->errors[k] = sqrt(err);
    }
    return GR_OK;
}
