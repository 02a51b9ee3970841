// SPDX-License-Identifier: BSD-3-Clause
// Step 5: arithmetic from text.
// "x0 + 2*x1 <= 5" has to be read before it can be kept. A grammar says what may stand where, and
// each of its lines becomes a function that reads what it describes, and returns its value:
//     sum:     product, then any number of times + product or - product
//     product: atom, then any number of times * atom or / atom
//     atom:    ( sum ) or a number or x0, x1, x2
// readers_take(r, sign) reads a sign if it comes next, readers_operand reads a number or a
// coordinate. Where something else is expected, r->wrong is set. Below, sum() does it all from
// left to right, so 1 + 2*3 is 9.
#include "lessons/20_constraints/constrained.h"

static double sum(reader *r);

static double sum(reader *r) // TODO: products first, and brackets
{
    double value = readers_operand(r);
    for (;;) {
        if (readers_take(r, '+'))
            value += readers_operand(r);
        else if (readers_take(r, '-'))
            value -= readers_operand(r);
        else if (readers_take(r, '*'))
            value *= readers_operand(r);
        else if (readers_take(r, '/'))
            value /= readers_operand(r);
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
