// SPDX-License-Identifier: BSD-3-Clause
// The sweeps as pure Python does them: a list of lists, every number and every index an object.
// Each function below is one line of the talk's Python; nothing is computed in plain doubles.
#include "lessons/09_laplace/laplace.h"
#include "lib/boxed.h"
#include <math.h>

// The local variables of the Python function.
typedef struct frame {
    gr_boxed *u, *read; // lists of lists; `read` is where neighbours come from: u itself, or a copy
    gr_boxed *dx2, *dy2, *err, *one, *two, *last; // last = n - 1
} frame;

// rows[i][j]; takes i and j.
static gr_boxed *at(gr_boxed *rows, gr_boxed *i, gr_boxed *j)
{
    return gr_boxed_item(gr_boxed_item(gr_boxed_keep(rows), i), j);
}

static gr_boxed *before(const frame *f, gr_boxed *i)
{
    return gr_boxed_subtract(gr_boxed_keep(i), gr_boxed_keep(f->one));
}
static gr_boxed *after(const frame *f, gr_boxed *i)
{
    return gr_boxed_add(gr_boxed_keep(i), gr_boxed_keep(f->one));
}

// ((r[i-1][j] + r[i+1][j]) * dy2 + (r[i][j-1] + r[i][j+1]) * dx2) * (1 / (2.0 * (dx2 + dy2)))
static gr_boxed *formula(const frame *f, gr_boxed *i, gr_boxed *j)
{
    gr_boxed *r = f->read;
    gr_boxed *column =
        gr_boxed_add(at(r, before(f, i), gr_boxed_keep(j)), at(r, after(f, i), gr_boxed_keep(j)));
    gr_boxed *row =
        gr_boxed_add(at(r, gr_boxed_keep(i), before(f, j)), at(r, gr_boxed_keep(i), after(f, j)));
    gr_boxed *sum = gr_boxed_add(gr_boxed_multiply(column, gr_boxed_keep(f->dy2)),
                                 gr_boxed_multiply(row, gr_boxed_keep(f->dx2)));
    gr_boxed *both = gr_boxed_add(gr_boxed_keep(f->dx2), gr_boxed_keep(f->dy2));
    gr_boxed *dnr = gr_boxed_multiply(gr_boxed_keep(f->two), both);
    return gr_boxed_multiply(sum, gr_boxed_divide(gr_boxed_keep(f->one), dnr));
}

// tmp = u[i][j]; u[i][j] = formula; diff = u[i][j] - tmp; err = err + diff**2
static gr_status update(frame *f, gr_boxed *i, gr_boxed *j)
{
    gr_boxed *tmp = at(f->u, gr_boxed_keep(i), gr_boxed_keep(j));
    gr_boxed *row = gr_boxed_item(gr_boxed_keep(f->u), gr_boxed_keep(i));
    gr_status status = gr_boxed_set_item(row, gr_boxed_keep(j), formula(f, i, j));
    if (status) return gr_boxed_drop(tmp), status;
    gr_boxed *diff = gr_boxed_subtract(at(f->u, gr_boxed_keep(i), gr_boxed_keep(j)), tmp);
    f->err = gr_boxed_add(f->err, gr_boxed_power(diff, gr_boxed_keep(f->two)));
    return f->err ? GR_OK : GR_ENOMEM;
}

// for j in range(1, n-1): update(i, j)
static gr_status update_row(frame *f, gr_boxed *i)
{
    bool more;
    gr_boxed *j = gr_boxed_keep(f->one);
    gr_status status = gr_boxed_less(gr_boxed_keep(j), gr_boxed_keep(f->last), &more);
    while (!status && more) {
        status = update(f, i, j);
        j = gr_boxed_add(j, gr_boxed_keep(f->one));
        if (!status) status = gr_boxed_less(gr_boxed_keep(j), gr_boxed_keep(f->last), &more);
    }
    gr_boxed_drop(j);
    return status;
}

// err = 0.0; for i in range(1, n-1): update_row(i)
static gr_status sweep(frame *f)
{
    bool more;
    gr_boxed_drop(f->err);
    f->err = gr_boxed_float(0);
    gr_boxed *i = gr_boxed_keep(f->one);
    gr_status status = gr_boxed_less(gr_boxed_keep(i), gr_boxed_keep(f->last), &more);
    while (!status && more) {
        status = update_row(f, i);
        i = gr_boxed_add(i, gr_boxed_keep(f->one));
        if (!status) status = gr_boxed_less(gr_boxed_keep(i), gr_boxed_keep(f->last), &more);
    }
    gr_boxed_drop(i);
    return status;
}

// ---- lists of lists ----

// A list of n lists of n, with the numbers of u: (n, n), or with the same objects as `rows`.
static gr_boxed *new_rows(size_t n, const double *u, gr_boxed *rows)
{
    gr_boxed *list = gr_boxed_list(n);
    gr_status status = list ? GR_OK : GR_ENOMEM;
    for (size_t i = 0; i < n && !status; i++) {
        gr_boxed *row = gr_boxed_list(n);
        for (size_t j = 0; j < n && !status; j++) {
            gr_boxed *value = rows ? at(rows, gr_boxed_int((int64_t)i), gr_boxed_int((int64_t)j))
                                   // cppcheck-suppress nullPointer // without rows there is u
                                   : gr_boxed_float(u[i * n + j]);
            status = gr_boxed_set_item(gr_boxed_keep(row), gr_boxed_int((int64_t)j), value);
        }
        gr_status stored = gr_boxed_set_item(gr_boxed_keep(list), gr_boxed_int((int64_t)i), row);
        if (!status) status = stored;
    }
    if (!status) return list;
    gr_boxed_drop(list);
    return NULL;
}

static gr_status unbox(gr_boxed *rows, size_t n, double *u)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            gr_boxed *value = at(rows, gr_boxed_int((int64_t)i), gr_boxed_int((int64_t)j));
            gr_status status = gr_boxed_number(value, &u[i * n + j]);
            gr_boxed_drop(value);
            GR_TRY(status);
        }
    return GR_OK;
}

// ---- the rungs ----

// old_u = [row[:] for row in u], where the sweep is Jacobi's
static gr_status choose_read(frame *f, size_t n, bool from_copy)
{
    gr_boxed_drop(f->read);
    f->read = from_copy ? new_rows(n, NULL, f->u) : gr_boxed_keep(f->u);
    return f->read ? GR_OK : GR_ENOMEM;
}

static gr_status run(gr_laplace *p, bool from_copy)
{
    frame f = {.u = new_rows(p->n, p->u, NULL), .dx2 = gr_boxed_float(p->dx2)};
    f.dy2 = gr_boxed_float(p->dy2);
    f.one = gr_boxed_int(1);
    f.two = gr_boxed_int(2);
    f.last = gr_boxed_int((int64_t)p->n - 1);
    gr_status status = f.u ? GR_OK : GR_ENOMEM;
    for (size_t k = 0; k < p->steps && !status; k++) {
        status = choose_read(&f, p->n, from_copy);
        if (!status) status = sweep(&f);
        if (!status) status = gr_boxed_number(f.err, &p->errors[k]);
        if (!status) p->errors[k] = sqrt(p->errors[k]);
    }
    if (!status) status = unbox(f.u, p->n, p->u);
    gr_boxed *const locals[] = {f.u, f.read, f.dx2, f.dy2, f.err, f.one, f.two, f.last};
    for (size_t k = 0; k < sizeof locals / sizeof *locals; k++) gr_boxed_drop(locals[k]);
    return status;
}

gr_status gr_laplace_boxed(void *problem, int workers)
{
    (void)workers;
    return run(problem, false);
}

gr_status gr_jacobi_boxed(void *problem, int workers)
{
    (void)workers;
    return run(problem, true);
}
