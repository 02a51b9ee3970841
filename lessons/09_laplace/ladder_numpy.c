// SPDX-License-Identifier: BSD-3-Clause
// Jacobi sweeps by whole-array operations, as NumPy evaluates the talk's expression:
//
//   old_u = u.copy()
//   u[1:-1, 1:-1] = ((u[0:-2, 1:-1] + u[2:, 1:-1])*dy2 + (u[1:-1, 0:-2] + u[1:-1, 2:])*dx2)*dnr_inv
//   err = sum((old_u - u)**2)
//
// Each operation below makes a whole new array. The talk's third line on the NumPy slide,
// sum(dot(old_u - u)), is not valid; the one above, from its weave.blitz slide, is what is meant.
#include "lessons/09_laplace/laplace.h"
#include <math.h>

// u[first:last_row, ...] shifted by (di, dj) from the interior.
static gr_array inner(gr_array u, ptrdiff_t di, ptrdiff_t dj)
{
    ptrdiff_t rows = (ptrdiff_t)u.shape[0], columns = (ptrdiff_t)u.shape[1];
    gr_array view = gr_array_slice(u, 0, 1 + di, rows - 1 + di, 1);
    return gr_array_slice(view, 1, 1 + dj, columns - 1 + dj, 1);
}

// *out = (a + b) * factor, through one temporary.
static gr_status scaled_sum(gr_array *out, gr_array a, gr_array b, double factor)
{
    gr_array sum, by = gr_array_of(&factor, GR_F64, 0, NULL);
    GR_TRY(gr_array_add(&sum, &a, &b));
    gr_status status = gr_array_multiply(out, &sum, &by);
    gr_array_free(&sum);
    return status;
}

// u[1:-1, 1:-1] = the formula
static gr_status assign_formula(const gr_laplace *p, gr_array u)
{
    gr_array column = {0}, row = {0}, next = {0}, to = inner(u, 0, 0);
    gr_status status = scaled_sum(&column, inner(u, -1, 0), inner(u, 1, 0), p->dy2);
    if (!status) status = scaled_sum(&row, inner(u, 0, -1), inner(u, 0, 1), p->dx2);
    if (!status) status = scaled_sum(&next, column, row, p->dnr_inv);
    if (!status) status = gr_array_copy(&to, &next);
    gr_array_free(&next);
    gr_array_free(&row);
    gr_array_free(&column);
    return status;
}

// err = sum((old_u - u)**2)
static gr_status squared_error(double *err, gr_array old, gr_array u)
{
    gr_array diff = {0}, square = {0};
    gr_status status = gr_array_subtract(&diff, &old, &u);
    if (!status) status = gr_array_multiply(&square, &diff, &diff);
    if (!status) status = gr_array_sum(err, &square);
    gr_array_free(&square);
    gr_array_free(&diff);
    return status;
}

static gr_status sweep(const gr_laplace *p, gr_array u, double *error)
{
    gr_array old;
    double err = 0;
    GR_TRY(gr_array_clone(&old, &u));
    gr_status status = assign_formula(p, u);
    if (!status) status = squared_error(&err, old, u);
    gr_array_free(&old);
    *error = sqrt(err);
    return status;
}

gr_status gr_jacobi_numpy(void *problem, int workers)
{
    (void)workers;
    gr_laplace *p = problem;
    gr_array u = gr_array_of(p->u, GR_F64, 2, (size_t[]){p->n, p->n});
    for (size_t k = 0; k < p->steps; k++)
        if (p->n < 3)
            p->errors[k] = 0;
        else
            GR_TRY(sweep(p, u, &p->errors[k]));
    return GR_OK;
}
