// SPDX-License-Identifier: BSD-3-Clause
// logic -- conditions joined by and, or, not, brackets and semicolons, read from text. What a
// condition is, constraints and transforms say.
//
//   x0 <= 1 or (x1 >= 3 and not x2 == 0); sum(x) <= 9
// `not` binds closest, then `and`, then `or`; a semicolon is an `and` that binds least. Nothing at
// all is a condition that holds.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>

typedef enum gr_logic_kind { GR_LOGIC_LEAF, GR_LOGIC_AND, GR_LOGIC_OR, GR_LOGIC_NOT } gr_logic_kind;

typedef struct gr_logic_node {
    gr_logic_kind kind;
    size_t a, b; // operands, as indices of nodes; a leaf's own number, counted from 0
} gr_logic_node;

enum { GR_LOGIC_NODES = 2000 };

typedef struct gr_logic {
    gr_logic_node node[GR_LOGIC_NODES];
    size_t nodes, leaves;
    size_t root;  // if there are nodes
    size_t depth; // of the deepest node
    bool plain;   // all leaves must hold: no `or`, no `not`
} gr_logic;

// Reads text[from .. to) as leaf number gr_logic.leaves, before that is counted.
typedef gr_status gr_logic_leaf(const char *text, size_t from, size_t to, void *context);

// signs: brackets group conditions only if one of these letters stands in them, else they belong to
// a leaf; NULL: always. GR_EARG points at the column of the bad word.
gr_status gr_logic_read(gr_logic *l, const char *text, const char *signs, gr_logic_leaf *leaf,
                        void *context);

// One number for all: leaf(i, negated) of the leaves, `both` of what `and` joins, the least of what
// `or` joins; below a `not` it is the other way round, and leaves are asked negated. 0 for nothing.
double gr_logic_value(const gr_logic *l,
                      double (*leaf)(size_t i, bool negated, const void *context),
                      double (*both)(double a, double b), const void *context);
