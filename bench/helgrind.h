// SPDX-License-Identifier: BSD-3-Clause
// helgrind -- tells Helgrind what atomics of C11 order, which it does not know by itself.
//
// `make helgrind` puts this file before every source; no other build sees it. A release sends all
// that its thread did so far to the variable; an acquire receives it. Relaxed accesses order
// nothing. The variables themselves are not watched, or each access would be called a race.
#pragma once
#pragma GCC system_header // the compiler's own names are used
#include <stdatomic.h>
#include <stddef.h>
#include <valgrind/helgrind.h>

static inline void gr_hg_send(const volatile void *variable, size_t size, memory_order order)
{
    VALGRIND_HG_DISABLE_CHECKING(variable, size);
    if (order != memory_order_relaxed && order != memory_order_acquire)
        ANNOTATE_HAPPENS_BEFORE(variable);
}

static inline void gr_hg_receive(const volatile void *variable, memory_order order)
{
    if (order != memory_order_relaxed && order != memory_order_release)
        ANNOTATE_HAPPENS_AFTER(variable);
}

#undef atomic_load
#undef atomic_load_explicit
#undef atomic_store
#undef atomic_store_explicit
#undef atomic_exchange
#undef atomic_fetch_add
#undef atomic_fetch_add_explicit
#undef atomic_fetch_sub
#undef atomic_fetch_or
#undef atomic_compare_exchange_strong
#undef atomic_compare_exchange_weak

#define atomic_load(p)     atomic_load_explicit(p, memory_order_seq_cst)
#define atomic_store(p, v) atomic_store_explicit(p, v, memory_order_seq_cst)

#define atomic_load_explicit(p, order)                                                             \
    __extension__({                                                                                \
        __auto_type gr_p = (p);                                                                    \
        gr_hg_send(gr_p, sizeof *gr_p, memory_order_relaxed);                                      \
        __auto_type gr_v = __atomic_load_n(gr_p, order);                                           \
        gr_hg_receive(gr_p, order);                                                                \
        gr_v;                                                                                      \
    })
#define atomic_store_explicit(p, v, order)                                                         \
    __extension__({                                                                                \
        __auto_type gr_p = (p);                                                                    \
        gr_hg_send(gr_p, sizeof *gr_p, order);                                                     \
        __atomic_store_n(gr_p, v, order);                                                          \
    })
#define GR_HG_CHANGE(change, p, v)                                                                 \
    __extension__({                                                                                \
        __auto_type gr_p = (p);                                                                    \
        gr_hg_send(gr_p, sizeof *gr_p, memory_order_seq_cst);                                      \
        __auto_type gr_v = change(gr_p, v, memory_order_seq_cst);                                  \
        gr_hg_receive(gr_p, memory_order_seq_cst);                                                 \
        gr_v;                                                                                      \
    })
#define atomic_exchange(p, v)                  GR_HG_CHANGE(__atomic_exchange_n, p, v)
#define atomic_fetch_add(p, v)                 GR_HG_CHANGE(__atomic_fetch_add, p, v)
#define atomic_fetch_add_explicit(p, v, order) GR_HG_CHANGE(__atomic_fetch_add, p, v)
#define atomic_fetch_sub(p, v)                 GR_HG_CHANGE(__atomic_fetch_sub, p, v)
#define atomic_fetch_or(p, v)                  GR_HG_CHANGE(__atomic_fetch_or, p, v)

#define atomic_compare_exchange_strong(p, expected, v)                                             \
    __extension__({                                                                                \
        __auto_type gr_p = (p);                                                                    \
        gr_hg_send(gr_p, sizeof *gr_p, memory_order_seq_cst);                                      \
        _Bool gr_done = __atomic_compare_exchange_n(gr_p, expected, v, 0, memory_order_seq_cst,    \
                                                    memory_order_seq_cst);                         \
        gr_hg_receive(gr_p, memory_order_seq_cst);                                                 \
        gr_done;                                                                                   \
    })
#define atomic_compare_exchange_weak(p, expected, v) atomic_compare_exchange_strong(p, expected, v)
