// SPDX-License-Identifier: BSD-3-Clause
// ladder_boxed -- the talk's pure-Python program as an interpreter executes it.
//
// Nothing is known before the run: a variable may hold anything, so every number is an object on
// the heap with a type and a count of its users (lib/boxed.h), and `a * b` means: look at both
// types, find the function that multiplies such things, let it check what it got, allocate the
// result. The program below is the talk's mandelbrot_escape, compiled by hand to instructions of a
// stack machine, as Python does it by itself. A product takes one instruction of the processor;
// finding it takes hundreds.
//
// The one departure: x**2 multiplies instead of calling pow, which may round differently.
#include "lessons/10_mandelbrot/mandelbrot.h"
#include "lib/boxed.h"

// Operators replace the two topmost objects by one. The others do what is said in `interpret`.
typedef enum code { ADD, SUBTRACT, MULTIPLY, POWER, OPERATORS } code;
enum { LOAD = OPERATORS, LITERAL, STORE, RANGE, NEXT_OR_JUMP, JUMP, JUMP_IF_LESS, RETURN };

enum { X, Y, N, ZX, ZY, I, VARIABLES };
enum { TWO, FOUR, MINUS_ONE, LITERALS };
enum { STACK = 8 };

typedef struct instruction {
    uint8_t code, operand;
} instruction;

// zx = x; zy = y
// for i in range(n):
//     zx, zy = zx**2 - zy**2 + x, 2*zx*zy + y
//     if zx**2 + zy**2 >= 4.0: break
// else: i = -1
// return i
// clang-format off
static const instruction program[] = {
    [0]  = {LOAD, X}, {STORE, ZX}, {LOAD, Y}, {STORE, ZY}, {LOAD, N}, {RANGE, 0},
    [6]  = {NEXT_OR_JUMP, 36}, {STORE, I},
    [8]  = {LOAD, ZX}, {LITERAL, TWO}, {POWER, 0}, {LOAD, ZY}, {LITERAL, TWO}, {POWER, 0},
           {SUBTRACT, 0}, {LOAD, X}, {ADD, 0},
    [17] = {LITERAL, TWO}, {LOAD, ZX}, {MULTIPLY, 0}, {LOAD, ZY}, {MULTIPLY, 0}, {LOAD, Y}, {ADD, 0},
    [24] = {STORE, ZY}, {STORE, ZX},
    [26] = {LOAD, ZX}, {LITERAL, TWO}, {POWER, 0}, {LOAD, ZY}, {LITERAL, TWO}, {POWER, 0}, {ADD, 0},
    [33] = {LITERAL, FOUR}, {JUMP_IF_LESS, 6}, {JUMP, 38},
    [36] = {LITERAL, MINUS_ONE}, {STORE, I},
    [38] = {LOAD, I}, {RETURN, 0},
};
// clang-format on

typedef gr_boxed *operator(gr_boxed *a, gr_boxed *b);
static operator* const operators[OPERATORS] = {
    [ADD] = gr_boxed_add,
    [SUBTRACT] = gr_boxed_subtract,
    [MULTIPLY] = gr_boxed_multiply,
    [POWER] = gr_boxed_power,
};

typedef struct frame {
    gr_boxed *variables[VARIABLES]; // owned; NULL: not set
    gr_boxed *const *literals;      // (LITERALS), borrowed
    gr_boxed *stack[STACK];         // owned below `top`
    int top;
    int64_t next, stop; // of the loop's range
} frame;

static void push(frame *f, gr_boxed *o) { f->stack[f->top++] = o; }
static gr_boxed *pop(frame *f) { return f->stack[--f->top]; }

static void set(gr_boxed **variable, gr_boxed *value)
{
    gr_boxed *old = *variable;
    *variable = value;
    gr_boxed_drop(old);
}

// A new object takes the place of the two topmost. False, and nothing there, if that failed.
static bool operate(frame *f, code c)
{
    gr_boxed *b = pop(f), *a = pop(f), *result = operators[c](a, b);
    if (result) push(f, result);
    return result != NULL;
}

static bool is_less(frame *f, bool *less)
{
    gr_boxed *b = pop(f), *a = pop(f);
    return gr_boxed_less(a, b, less) == GR_OK;
}

static bool make_range(frame *f)
{
    double stop = 0;
    gr_boxed *n = pop(f);
    gr_status status = gr_boxed_number(n, &stop);
    gr_boxed_drop(n);
    f->next = 0, f->stop = (int64_t)stop;
    return status == GR_OK;
}

// The object that the program returns, or NULL if an operation failed.
static gr_boxed *interpret(frame *f)
{
    bool fine = true, less;
    for (const instruction *at = program; fine; at++) {
        switch (at->code) {
        case LOAD:
            push(f, gr_boxed_keep(f->variables[at->operand]));
            break;
        case LITERAL:
            push(f, gr_boxed_keep(f->literals[at->operand]));
            break;
        case STORE:
            set(&f->variables[at->operand], pop(f));
            break;
        case RANGE:
            fine = make_range(f);
            break;
        case NEXT_OR_JUMP:
            if (f->next == f->stop)
                at = program + at->operand - 1;
            else {
                gr_boxed *i = gr_boxed_int(f->next++);
                fine = i != NULL;
                if (fine) push(f, i);
            }
            break;
        case JUMP:
            at = program + at->operand - 1;
            break;
        case JUMP_IF_LESS:
            fine = is_less(f, &less);
            if (fine && less) at = program + at->operand - 1;
            break;
        case RETURN:
            return pop(f);
        default:
            fine = operate(f, (code)at->code);
        }
    }
    return NULL;
}

// ---- the call for one point

// The integer that mandelbrot_escape(x, y, n) returns.
static gr_status escape(gr_boxed *x, gr_boxed *y, gr_boxed *n, gr_boxed *const literals[LITERALS],
                        int32_t *count)
{
    frame f = {
        .variables = {[X] = gr_boxed_keep(x), [Y] = gr_boxed_keep(y), [N] = gr_boxed_keep(n)},
        .literals = literals};
    double number = 0;
    gr_boxed *result = interpret(&f);
    gr_status status = result ? gr_boxed_number(result, &number) : GR_ENOMEM;
    *count = (int32_t)number;
    gr_boxed_drop(result);
    while (f.top) gr_boxed_drop(pop(&f));
    for (int v = 0; v < VARIABLES; v++) gr_boxed_drop(f.variables[v]);
    return status;
}

static gr_status one_row(const mandelbrot *m, size_t j, gr_boxed *n,
                         gr_boxed *const literals[LITERALS])
{
    gr_boxed *y = gr_boxed_float(m->y[j]);
    gr_status status = y ? GR_OK : GR_ENOMEM;
    for (size_t i = 0; i < m->n && !status; i++) {
        gr_boxed *x = gr_boxed_float(m->x[i]);
        status = x ? escape(x, y, n, literals, &m->counts[j * m->n + i]) : GR_ENOMEM;
        gr_boxed_drop(x);
    }
    gr_boxed_drop(y);
    return status;
}

gr_status gr_mandelbrot_boxed(void *problem, int workers)
{
    (void)workers;
    const mandelbrot *m = problem;
    gr_boxed *literals[LITERALS] = {gr_boxed_int(2), gr_boxed_float(4), gr_boxed_int(-1)};
    gr_boxed *n = gr_boxed_int(m->steps);
    gr_status status =
        literals[TWO] && literals[FOUR] && literals[MINUS_ONE] && n ? GR_OK : GR_ENOMEM;
    for (size_t j = 0; j < m->n && !status; j++) status = one_row(m, j, n, literals);
    gr_boxed_drop(n);
    for (int k = 0; k < LITERALS; k++) gr_boxed_drop(literals[k]);
    return status; // the failed call has said why
}
