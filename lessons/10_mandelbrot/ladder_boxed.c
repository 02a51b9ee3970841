// SPDX-License-Identifier: BSD-3-Clause
// ladder_boxed -- the talk's pure-Python program as an interpreter executes it.
//
// Nothing is known before the run: a variable may hold anything, so every number is an object on
// the heap with a type and a count of its users, and `a * b` means: look at both types, find the
// function that multiplies such things, let it check what it got, allocate the result. The program
// below is the talk's mandelbrot_escape, compiled by hand to instructions of a stack machine, as
// Python does it by itself. A product takes one instruction of the processor; finding it takes
// hundreds.
//
// The one departure: x**2 multiplies instead of calling pow, which may round differently.
#include "lessons/10_mandelbrot/mandelbrot.h"
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

// ---- objects

typedef struct object object;
typedef enum operation { ADD, SUBTRACT, MULTIPLY, POWER, AT_LEAST, OPERATIONS } operation;

// An operator for two objects, at least one of them of the type that offers it. A new object;
// `not_mine` if it cannot handle the other type; NULL without memory.
typedef object *binary(object *a, object *b);

typedef struct type {
    const char *name;
    binary *operators[OPERATIONS]; // NULL: this type has none
    object *(*next)(object *self); // iterators: the next object; `not_mine` at the end
    void (*destroy)(object *self);
} type;

struct object {
    size_t users;
    const type *type;
};

typedef struct real {
    object head;
    double value;
} real;

typedef struct integer {
    object head;
    int64_t value;
} integer;

typedef struct range {
    object head;
    int64_t at, stop;
} range;

static object not_mine = {1, NULL};

static object *use(object *o)
{
    o->users++;
    return o;
}

static void drop(object *o)
{
    if (o && --o->users == 0) o->type->destroy(o);
}

static void destroy(object *o) { free(o); }

// ---- types: range, integer, real

static const type real_type, integer_type;

static object *new_real(double value)
{
    real *o = malloc(sizeof *o);
    if (!o) return NULL;
    *o = (real){{1, &real_type}, value};
    return &o->head;
}

static object *new_integer(int64_t value)
{
    integer *o = malloc(sizeof *o);
    if (!o) return NULL;
    *o = (integer){{1, &integer_type}, value};
    return &o->head;
}

static object *range_next(object *self)
{
    range *r = (range *)self;
    return r->at < r->stop ? new_integer(r->at++) : use(&not_mine);
}

static const type range_type = {.name = "range", .next = range_next, .destroy = destroy};

static object *new_range(int64_t stop)
{
    range *o = malloc(sizeof *o);
    if (!o) return NULL;
    *o = (range){{1, &range_type}, 0, stop};
    return &o->head;
}

static bool integers(const object *a, const object *b, int64_t *x, int64_t *y)
{
    if (a->type != &integer_type || b->type != &integer_type) return false;
    *x = ((const integer *)a)->value, *y = ((const integer *)b)->value;
    return true;
}

static object *integer_add(object *a, object *b)
{
    int64_t x, y, z;
    if (!integers(a, b, &x, &y) || __builtin_add_overflow(x, y, &z)) return use(&not_mine);
    return new_integer(z);
}

static object *integer_subtract(object *a, object *b)
{
    int64_t x, y, z;
    if (!integers(a, b, &x, &y) || __builtin_sub_overflow(x, y, &z)) return use(&not_mine);
    return new_integer(z);
}

static object *integer_multiply(object *a, object *b)
{
    int64_t x, y, z;
    if (!integers(a, b, &x, &y) || __builtin_mul_overflow(x, y, &z)) return use(&not_mine);
    return new_integer(z);
}

static integer no = {{1, &integer_type}, 0}, yes = {{1, &integer_type}, 1};

// There is one object for each truth value, shared by all.
static object *truth(bool value) { return use(value ? &yes.head : &no.head); }

static object *integer_at_least(object *a, object *b)
{
    int64_t x, y;
    return integers(a, b, &x, &y) ? truth(x >= y) : use(&not_mine);
}

static const type integer_type = {
    "integer",
    {integer_add, integer_subtract, integer_multiply, NULL, integer_at_least},
    NULL,
    destroy};

static bool as_real(const object *o, double *value)
{
    if (o->type == &real_type)
        *value = ((const real *)o)->value;
    else if (o->type == &integer_type)
        *value = (double)((const integer *)o)->value;
    else
        return false;
    return true;
}

static bool reals(const object *a, const object *b, double *x, double *y)
{
    return as_real(a, x) && as_real(b, y);
}

static object *real_add(object *a, object *b)
{
    double x, y;
    return reals(a, b, &x, &y) ? new_real(x + y) : use(&not_mine);
}

static object *real_subtract(object *a, object *b)
{
    double x, y;
    return reals(a, b, &x, &y) ? new_real(x - y) : use(&not_mine);
}

static object *real_multiply(object *a, object *b)
{
    double x, y;
    return reals(a, b, &x, &y) ? new_real(x * y) : use(&not_mine);
}

// Whole exponents by squaring: x**2 is x*x, rounded once.
static double power(double base, double exponent)
{
    if (!(exponent >= 0 && exponent <= 64) || exponent != floor(exponent))
        return pow(base, exponent);
    double result = 1;
    for (unsigned e = (unsigned)exponent; e; e >>= 1, base *= base)
        if (e & 1) result *= base;
    return result;
}

static object *real_power(object *a, object *b)
{
    double x, y;
    return reals(a, b, &x, &y) ? new_real(power(x, y)) : use(&not_mine);
}

static object *real_at_least(object *a, object *b)
{
    double x, y;
    return reals(a, b, &x, &y) ? truth(x >= y) : use(&not_mine);
}

static const type real_type = {
    "real", {real_add, real_subtract, real_multiply, real_power, real_at_least}, NULL, destroy};

// The left type's operator; if that declines, the right type's. (object *) NULL without memory.
static object *apply(operation op, object *a, object *b)
{
    binary *left = a->type->operators[op], *right = b->type->operators[op];
    if (left) {
        object *o = left(a, b);
        if (o != &not_mine) return o;
        drop(o);
    }
    return right && right != left ? right(a, b) : use(&not_mine);
}

// ---- the program

// The instructions below OPERATIONS are the operators: they replace the two topmost objects by one.
enum { LOAD = OPERATIONS, LITERAL, STORE, RANGE, NEXT_OR_JUMP, JUMP, JUMP_IF_NOT, RETURN };

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
    [6]  = {NEXT_OR_JUMP, 37}, {STORE, I},
    [8]  = {LOAD, ZX}, {LITERAL, TWO}, {POWER, 0}, {LOAD, ZY}, {LITERAL, TWO}, {POWER, 0},
           {SUBTRACT, 0}, {LOAD, X}, {ADD, 0},
    [17] = {LITERAL, TWO}, {LOAD, ZX}, {MULTIPLY, 0}, {LOAD, ZY}, {MULTIPLY, 0}, {LOAD, Y}, {ADD, 0},
    [24] = {STORE, ZY}, {STORE, ZX},
    [26] = {LOAD, ZX}, {LITERAL, TWO}, {POWER, 0}, {LOAD, ZY}, {LITERAL, TWO}, {POWER, 0}, {ADD, 0},
    [33] = {LITERAL, FOUR}, {AT_LEAST, 0}, {JUMP_IF_NOT, 6}, {JUMP, 39},
    [37] = {LITERAL, MINUS_ONE}, {STORE, I},
    [39] = {LOAD, I}, {RETURN, 0},
};
// clang-format on

typedef struct frame {
    object *variables[VARIABLES]; // owned; NULL: not set
    object *const *literals;      // (LITERALS), borrowed
    object *stack[STACK];         // owned below `top`
    int top;
} frame;

static void push(frame *f, object *o) { f->stack[f->top++] = o; }
static object *pop(frame *f) { return f->stack[--f->top]; }

static void set(object **variable, object *value)
{
    object *old = *variable;
    *variable = value;
    drop(old);
}

// A new object takes the place of the two topmost. False without memory or operator.
static bool operate(frame *f, operation op)
{
    object *b = pop(f), *a = pop(f), *result = apply(op, a, b);
    drop(a), drop(b);
    if (result) push(f, result);
    return result && result != &not_mine;
}

static bool make_range(frame *f)
{
    object *n = pop(f), *made = n->type == &integer_type ? new_range(((integer *)n)->value) : NULL;
    drop(n);
    if (made) push(f, made);
    return made != NULL;
}

static bool is_zero(object *o)
{
    double value;
    bool zero = as_real(o, &value) && value == 0;
    drop(o);
    return zero;
}

// The object that the program returns, or NULL without memory.
static object *interpret(frame *f)
{
    for (const instruction *at = program;; at++) {
        switch (at->code) {
        case LOAD:
            push(f, use(f->variables[at->operand]));
            break;
        case LITERAL:
            push(f, use(f->literals[at->operand]));
            break;
        case STORE:
            set(&f->variables[at->operand], pop(f));
            break;
        case RANGE:
            if (!make_range(f)) return NULL;
            break;
        case NEXT_OR_JUMP: {
            object *iterator = f->stack[f->top - 1], *next = iterator->type->next(iterator);
            if (!next) return NULL;
            push(f, next);
            if (next != &not_mine) break;
            drop(pop(f));
            at = program + at->operand - 1;
            break;
        }
        case JUMP:
            at = program + at->operand - 1;
            break;
        case JUMP_IF_NOT:
            if (is_zero(pop(f))) at = program + at->operand - 1;
            break;
        case RETURN:
            return pop(f);
        default:
            if (!operate(f, (operation)at->code)) return NULL;
        }
    }
}

// ---- the call for one point

// The integer that mandelbrot_escape(x, y, n) returns. False without memory.
static bool escape(object *x, object *y, object *n, object *const literals[LITERALS],
                   int32_t *count)
{
    frame f = {.variables = {[X] = use(x), [Y] = use(y), [N] = use(n)}, .literals = literals};
    object *result = interpret(&f);
    if (result) *count = (int32_t)((integer *)result)->value;
    drop(result);
    while (f.top) drop(pop(&f));
    for (int v = 0; v < VARIABLES; v++) drop(f.variables[v]);
    return result != NULL;
}

static bool one_row(const mandelbrot *m, size_t j, object *n, object *const literals[LITERALS])
{
    object *y = new_real(m->y[j]);
    bool fine = y != NULL;
    for (size_t i = 0; i < m->n && fine; i++) {
        object *x = new_real(m->x[i]);
        fine = x && escape(x, y, n, literals, &m->counts[j * m->n + i]);
        drop(x);
    }
    drop(y);
    return fine;
}

gr_status gr_mandelbrot_boxed(void *problem, int workers)
{
    (void)workers;
    const mandelbrot *m = problem;
    object *literals[LITERALS] = {new_integer(2), new_real(4), new_integer(-1)};
    object *n = new_integer(m->steps);
    bool fine = literals[TWO] && literals[FOUR] && literals[MINUS_ONE] && n;
    for (size_t j = 0; j < m->n && fine; j++) fine = one_row(m, j, n, literals);
    drop(n);
    for (int k = 0; k < LITERALS; k++) drop(literals[k]);
    return fine ? GR_OK : gr_fail(GR_ENOMEM, "boxed: no memory for an object");
}
