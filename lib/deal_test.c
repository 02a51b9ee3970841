// SPDX-License-Identifier: BSD-3-Clause
// Simulated workers take, leave and die; whatever they do, each task is done once.
#include "lib/deal.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const size_t sizes[] = {0, 1, 2, 7, 63, 64, 65, 200, 1000};
static const size_t chunks[] = {1, 3, 64, 2000};
static const int crews[] = {1, 2, 3, 8, 70};
enum { SIZES = 9, CHUNKS = 4, CREWS = 5, MOST = 1000 };

static void make(gr_deal *d, int strategy, size_t n, size_t chunk, int workers)
{
    gr_strategy s = (gr_strategy)strategy;
    void *memory = calloc(1, gr_deal_bytes(s, gr_deal_chunks(s, n, chunk, workers)) + 1);
    assert_non_null(memory);
    gr_deal_make(d, s, n, chunk, workers, memory);
}

static void for_all(void (*check)(gr_deal *d, uint64_t seed))
{
    for (int strategy = 0; strategy < GR_STRATEGIES; strategy++)
        for (int i = 0; i < SIZES * CHUNKS * CREWS; i++) {
            gr_deal d;
            make(&d, strategy, sizes[i % SIZES], chunks[i / SIZES % CHUNKS],
                 crews[i / SIZES / CHUNKS]);
            check(&d, (uint64_t)i);
            free(d.words);
        }
}

static void covers(gr_deal *d, uint64_t seed)
{
    (void)seed;
    size_t task = 0;
    for (size_t k = 0; k < d->chunks; k++) {
        assert_int_equal(gr_deal_lo(d, k), task);
        assert_true(gr_deal_lo(d, k + 1) > task);
        for (; task < gr_deal_lo(d, k + 1); task++) assert_int_equal(gr_deal_chunk_of(d, task), k);
    }
    assert_int_equal(task, d->n);
}

static void chunks_cover_the_tasks(void **state)
{
    (void)state;
    for_all(covers);
}

static void guided_chunks_shrink(void **state)
{
    (void)state;
    gr_deal d;
    make(&d, GR_GUIDED, 1000, 5, 2);
    assert_int_equal(gr_deal_lo(&d, 1), 250); // 1000 / (2 * 2)
    assert_int_equal(gr_deal_lo(&d, 2), 250 + 187);
    assert_int_equal(gr_deal_lo(&d, d.chunks - 1) >= 995, 1);
    free(d.words);
}

static void cards_go_round(void **state)
{
    (void)state;
    gr_deal d;
    make(&d, GR_CARDDEALER, 100, 10, 3);
    gr_hand hand;
    size_t card = 1;
    for (size_t k = 1; k < 10; k += 3) {
        assert_true(gr_deal_claim(&d, 1, &card, &hand));
        assert_int_equal(hand.chunk, k);
        while (gr_deal_done(&d, 1, &hand, false)) continue;
    }
    assert_false(gr_deal_claim(&d, 1, &card, &hand));
    free(d.words);
}

// ---- a world in which workers do one small step at a time, and die between any two ----

typedef struct sim {
    bool holds;
    size_t card;
    gr_hand hand;
} sim;

static size_t given_up;

static void give_up(size_t task, int attempts, void *context)
{
    unsigned char *done = context;
    assert_int_equal(attempts, 2);
    done[task]++, given_up++;
}

static void one_step(gr_deal *d, int p, sim *s, unsigned char *done)
{
    if (!s->holds) {
        s->holds = gr_deal_claim(d, p, &s->card, &s->hand);
        return;
    }
    done[s->hand.at]++;
    s->holds = gr_deal_done(d, p, &s->hand, false);
}

// A ticket that was drawn and not used: what a worker leaves that dies just then.
static void lose_ticket(gr_deal *d)
{
    if (d->strategy == GR_POOL || d->strategy == GR_GUIDED) atomic_fetch_add(&d->next, 1);
}

static bool all_over(const gr_deal *d)
{
    for (size_t k = 0; k < d->chunks; k++)
        if (!gr_deal_over(gr_deal_look(d, k))) return false;
    return true;
}

static void play(gr_deal *d, uint64_t seed, double dying, bool cancel)
{
    static unsigned char done[MOST];
    static sim sims[70];
    gr_rng rng = gr_rng_of(seed, (uint64_t)d->strategy);
    memset(done, 0, sizeof done);
    for (int p = 0; p < d->workers; p++) sims[p] = (sim){.card = (size_t)p};
    for (size_t step = 0; !all_over(d); step++) {
        assert_true(step < 1000000);
        int p = (int)gr_rng_below(&rng, (size_t)d->workers);
        double fate = gr_rng_unit(&rng);
        if (fate < dying) {
            if (!sims[p].holds && fate < dying / 2) lose_ticket(d);
            gr_deal_bury(d, p, 1, give_up, done);
            sims[p] = (sim){.card = (size_t)p};
        } else if (fate < 1.5 * dying && sims[p].holds) {
            gr_deal_leave(d, p, &sims[p].hand);
            sims[p].holds = false;
        } else {
            one_step(d, p, &sims[p], done);
        }
        if (cancel && step == d->n / 2) gr_deal_cancel(d);
    }
    for (size_t k = 0; k < d->chunks; k++) {
        gr_chunk_word w = gr_deal_look(d, k);
        size_t lo = gr_deal_lo(d, k), hi = gr_deal_lo(d, k + 1);
        assert_true(cancel || w.done == hi - lo);
        for (size_t i = lo; i < hi; i++) assert_int_equal(done[i], i - lo < w.done);
    }
}

static void plays(gr_deal *d, uint64_t seed) { play(d, seed, 0, false); }
static void dies(gr_deal *d, uint64_t seed) { play(d, seed, 0.1, false); }
static void is_cancelled(gr_deal *d, uint64_t seed) { play(d, seed, 0.1, true); }

static void each_task_is_done_once(void **state)
{
    (void)state;
    for_all(plays);
}

static void the_dead_leave_nothing_undone(void **state)
{
    (void)state;
    given_up = 0;
    for_all(dies);
    assert_true(given_up > 0);
}

static void what_is_cancelled_is_not_begun(void **state)
{
    (void)state;
    for_all(is_cancelled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_cover_the_tasks),
        cmocka_unit_test(guided_chunks_shrink),
        cmocka_unit_test(cards_go_round),
        cmocka_unit_test(each_task_is_done_once),
        cmocka_unit_test(the_dead_leave_nothing_undone),
        cmocka_unit_test(what_is_cancelled_is_not_begun),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
