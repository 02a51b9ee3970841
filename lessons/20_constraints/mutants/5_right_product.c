// SPDX-License-Identifier: BSD-3-Clause
// Wrong: a / b * c is a / (b * c).
#include "lessons/20_constraints/constrained.h"

static double sum(reader *r);

static double atom(reader *r)
{
    if (!readers_take(r, '(')) return readers_operand(r);
    double value = sum(r);
    if (!readers_take(r, ')')) r->wrong = true;
    return value;
}

static double product(reader *r)
{
    double value = atom(r);
    for (;;) {
        if (readers_take(r, '*'))
            value *= atom(r);
        else if (readers_take(r, '/'))
            value /= product(r);
        else
            return value;
    }
}

static double sum(reader *r)
{
    double value = product(r);
    for (;;) {
        if (readers_take(r, '+'))
            value += product(r);
        else if (readers_take(r, '-'))
            value -= product(r);
        else
            return value;
    }
}

gr_status exercise(void *problem, int workers)
{
    readers *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        reader r = {p->text + i * READERS_TEXT, p->x, false};
        double value = sum(&r);
        readers_take(&r, ' '); // blanks at the end
        p->value[i] = r.wrong || *r.at ? NAN : value;
    }
    return GR_OK;
}
