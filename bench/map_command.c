// SPDX-License-Identifier: BSD-3-Clause
// map_command -- the command `gradus map`: one named function over many numbers, by any map.
//
// Items are taken in batches, so that there may be more of them than memory; a batch is a job. What
// is printed comes in the items' order while later ones are still under way.
#include "bench/command.h"
#include "bench/map_items.h"
#include "bench/map_keep.h"
#include "bench/map_plan.h"
#include "bench/progress.h"
#include "bench/ranks.h"
#include "bench/report_words.h"
#include "lib/map_type.h"
#include "lib/ranks.h"
#include "lib/timer.h"
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { BATCH = 1 << 17, BATCH_BYTES = 1 << 26, FAILURES_SHOWN = 5, MOST_WORKERS = 4096 };

typedef struct mapping {
    gr_map *map;
    const gr_func *func;
    gr_items items;
    uint64_t seed;
    size_t room;         // items in a batch
    uint64_t *in;        // (room)
    void *out;           // (room, out_size), or (room) gr_bytes
    gr_outcome *failure; // (room), zero where there is none
    size_t batches, failed;
    uint64_t before; // items in earlier batches
    size_t lo;       // first item of the job under way, in its batch
    gr_keep keep;
    bool bar; // is there a terminal to show progress on?
    gr_progress progress;
    gr_worker *workers; // (MOST_WORKERS): what each did in all batches
} mapping;

// ---- ^C ----

static volatile sig_atomic_t caught; // the signal that asked us to stop
static volatile size_t done;         // items printed, for the signal handler to tell

// Tasks that are not begun are dropped. One that runs is waited for, but not for long.
static void remember(int number)
{
    struct itimerval soon = {.it_value = {.tv_usec = 600000}};
    caught = number;
    setitimer(ITIMER_REAL, &soon, NULL);
}

// A task did not end in time, perhaps in this very thread: nothing but system calls is safe here.
static void leave(int number)
{
    char text[80] = "\ngradus: interrupted in the middle of a task; items done: ", digits[24];
    size_t length = strlen(text), n = 0;
    (void)number;
    for (size_t rest = done; n == 0 || rest; rest /= 10) digits[n++] = (char)('0' + rest % 10);
    while (n) text[length++] = digits[--n];
    text[length++] = '\n';
    ssize_t said = write(STDERR_FILENO, text + 1, length - 1);
    _exit(said < 0 ? 1 : 128 + caught); // forked workers end with their parent
}

static void catch_signals(void)
{
    struct sigaction ask = {.sa_handler = remember}, end = {.sa_handler = leave}; // no SA_RESTART
    sigaction(SIGINT, &ask, NULL);
    sigaction(SIGTERM, &ask, NULL);
    sigaction(SIGALRM, &end, NULL);
}

// ---- results ----

static void put_result(const mapping *m, size_t i, FILE *to)
{
    size_t size = m->func->out_size;
    const gr_bytes *bytes = m->out;
    const void *out = size ? (const char *)m->out + i * size : bytes[i].data;
    int64_t number;
    if (m->func->print) {
        m->func->print(to, out, size ? size : bytes[i].size);
        return;
    }
    memcpy(&number, out, sizeof number);
    fprintf(to, "%" PRId64, number);
}

static void say_failure(mapping *m, size_t i)
{
    m->failed++;
    if (m->failed > FAILURES_SHOWN) return;
    if (m->bar) gr_progress_end(&m->progress);
    fprintf(stderr, "gradus: %s %" PRIu64 ": %s\n", m->func->name, m->in[i], m->failure[i].text);
}

static void put_item(mapping *m, size_t i)
{
    printf("%" PRIu64 "\t", m->in[i]);
    if (m->failure[i].status)
        printf("%s", gr_status_text(m->failure[i].status));
    else
        put_result(m, i, stdout);
    putchar('\n');
    if (m->failure[i].status) say_failure(m, i);
    done++;
}

static void note_failure(size_t i, const gr_outcome *outcome, void *user)
{
    mapping *m = user;
    m->failure[m->lo + i] = *outcome;
}

static void show_progress(mapping *m)
{
    double part = m->items.total ? (double)done / (double)m->items.total : 0;
    double left = part > 0 ? (gr_now() - m->progress.start) * (1 - part) / part : -1;
    char doing[40];
    snprintf(doing, sizeof doing, "%zu items", done);
    if (m->bar) gr_progress_show(&m->progress, part, left, doing);
}

// ---- a batch ----

// What failed is not kept: it may do better next time.
static void keep_item(mapping *m, size_t i)
{
    if (!m->keep.file || m->failure[i].status) return;
    fprintf(m->keep.file, "%" PRIu64 "\t%" PRIu64 "\t", m->before + i, m->in[i]);
    put_result(m, i, m->keep.file);
    putc('\n', m->keep.file);
}

// Items lo and on are those of the run.
static gr_status follow(mapping *m, gr_run *run, size_t lo)
{
    size_t i;
    for (bool ended = false; !ended;) {
        ended = gr_run_wait(run, 0.1);
        while (gr_run_next(run, false, 0, &i)) keep_item(m, lo + i);
        GR_TRY(gr_keep_flush(&m->keep));
        while (gr_run_next(run, true, 0, &i)) put_item(m, lo + i);
        if (fflush(stdout)) return GR_ESYS; // main says so, when it sees that output was lost
        show_progress(m);
        if (caught) gr_run_cancel(run);
    }
    return caught ? gr_fail(GR_ECANCEL, "interrupted") : GR_OK;
}

static void add_workers(mapping *m)
{
    gr_worker last[MOST_WORKERS];
    int n = gr_map_workers(m->map, last, MOST_WORKERS);
    for (int w = 0; w < n && w < MOST_WORKERS; w++) {
        gr_worker *sum = &m->workers[w];
        *sum = (gr_worker){sum->tasks + last[w].tasks, sum->chunks + last[w].chunks,
                           sum->busy + last[w].busy, sum->idle + last[w].idle,
                           sum->lost + last[w].lost};
    }
}

static void clear_batch(mapping *m, size_t n)
{
    gr_bytes *bytes = m->out;
    memset(m->failure, 0, n * sizeof *m->failure);
    for (size_t i = 0; !m->func->out_size && i < n; i++) free(bytes[i].data);
}

// Items lo .. hi-1 of the batch.
static gr_status do_items(mapping *m, size_t lo, size_t hi, uint64_t seed)
{
    size_t size = m->func->out_size ? m->func->out_size : sizeof(gr_bytes);
    gr_job job = {.func = m->func,
                  .n = hi - lo,
                  .in = m->in + lo,
                  .out = (char *)m->out + lo * size,
                  .seed = seed,
                  .first = lo,
                  .listener = {.error = note_failure, .user = m}};
    gr_run *run;
    m->lo = lo;
    GR_TRY(gr_map_start(m->map, &job, &run));
    gr_status status = follow(m, run, lo);
    gr_run_free(run);
    add_workers(m);
    return status;
}

static void put_kept(const mapping *m, size_t i, const gr_kept *kept)
{
    printf("%" PRIu64 "\t%.*s\n", m->in[i], (int)strcspn(kept->result, "\n"), kept->result);
    done++;
}

// Are these the items whose results are kept?
static gr_status check_kept(mapping *m, size_t n)
{
    size_t at = m->keep.at;
    const gr_kept *kept;
    for (size_t i = 0; m->keep.n && i < n; i++)
        GR_TRY(gr_keep_find(&m->keep, m->before + i, m->in[i], &kept));
    m->keep.at = at;
    return GR_OK;
}

// What is kept is printed where its turn comes; what lies between is done.
static gr_status do_batch(mapping *m, size_t n, uint64_t seed)
{
    size_t lo = 0;
    GR_TRY(check_kept(m, n));
    for (size_t i = 0; m->keep.n && i < n; i++) {
        const gr_kept *kept;
        GR_TRY(gr_keep_find(&m->keep, m->before + i, m->in[i], &kept));
        if (!kept) continue;
        if (lo < i) GR_TRY(do_items(m, lo, i, seed));
        put_kept(m, i, kept);
        lo = i + 1;
    }
    return lo < n ? do_items(m, lo, n, seed) : GR_OK;
}

static gr_status one_batch(mapping *m, size_t n)
{
    gr_rng seeds = gr_rng_of(m->seed, m->batches++);
    gr_status status = do_batch(m, n, m->batches == 1 ? m->seed : gr_rng_u64(&seeds));
    clear_batch(m, n);
    m->before += n;
    return status;
}

static gr_status all_batches(mapping *m)
{
    for (size_t n = m->room; n == m->room;) {
        if (caught || gr_items_take(&m->items, m->in, m->room, &n))
            return caught ? gr_fail(GR_ECANCEL, "interrupted") : GR_EARG;
        if (n) GR_TRY(one_batch(m, n));
    }
    return GR_OK;
}

// ---- the whole ----

static gr_status make_room(mapping *m)
{
    size_t size = m->func->out_size ? m->func->out_size : sizeof(gr_bytes);
    m->room = BATCH_BYTES / size < BATCH ? BATCH_BYTES / size + 1 : BATCH;
    if (!m->items.lines && m->items.total < m->room) m->room = (size_t)m->items.total + 1;
    m->in = gr_map_memory(m->map, m->room * sizeof *m->in);
    m->out = m->in ? gr_map_memory(m->map, m->room * size) : NULL;
    if (!m->out) return GR_ENOMEM;
    m->failure = calloc(m->room, sizeof *m->failure);
    m->workers = calloc(MOST_WORKERS, sizeof *m->workers);
    return m->failure && m->workers ? GR_OK : gr_fail(GR_ENOMEM, "map: out of memory");
}

static gr_status map_all(mapping *m, const char *spec)
{
    GR_TRY(gr_map_new(&m->map, spec, NULL));
    GR_TRY(make_room(m));
    m->progress = gr_progress_start(spec);
    m->bar = m->progress.bar && !isatty(STDOUT_FILENO);
    gr_status status = all_batches(m);
    if (m->bar) gr_progress_end(&m->progress);
    return status;
}

static void say_workers(const mapping *m)
{
    gr_worker last[1];
    int n = m->batches ? gr_map_workers(m->map, last, 1) : 0;
    fprintf(stderr, "worker     tasks   chunks       busy       idle  lost\n");
    for (int w = 0; w < n && w < MOST_WORKERS; w++)
        fprintf(stderr, "%6d %9zu %8zu %10s %10s %5d\n", w, m->workers[w].tasks,
                m->workers[w].chunks, gr_words_seconds(m->workers[w].busy).s,
                gr_words_seconds(m->workers[w].idle).s, m->workers[w].lost);
}

// Within the time that leave() grants.
static void end_workers(mapping *m)
{
    struct itimerval never = {0};
    if (m->map) gr_map_close(m->map);
    setitimer(ITIMER_REAL, &never, NULL);
}

// What is said at the end, and the exit code.
static int closing(mapping *m, gr_status status, bool workers)
{
    if (caught) {
        end_workers(m);
        fprintf(stderr, "gradus: interrupted: %zu", done);
        if (m->items.total) fprintf(stderr, " of %" PRIu64, m->items.total);
        fprintf(stderr, " items were done%s\n",
                m->keep.file ? "; the same command does the rest" : "");
        return 128 + caught;
    }
    if (ferror(stdout)) return GR_EXIT_USAGE;
    if (status) return gr_exit_of(status);
    if (m->failed) fprintf(stderr, "gradus: %zu of %zu items failed\n", m->failed, done);
    if (workers) say_workers(m);
    return m->failed ? GR_EXIT_WRONG : GR_EXIT_OK;
}

// Ranks that end early leave what was kept.
static int start_ranks(const gr_map_spec *spec, char **argv, const char *keep, uint64_t total)
{
    int code = gr_ranks_main(gr_ranks_shape_of(spec), argv);
    if (!code || code == GR_EXIT_USAGE || !keep || gr_interrupted()) return code;
    fprintf(stderr, "gradus: %s holds %" PRIu64, keep, gr_keep_count(keep));
    if (total) fprintf(stderr, " of %" PRIu64, total);
    fprintf(stderr, " items: the same command does the rest\n");
    return code;
}

static int map_main(int argc, char **argv)
{
    mapping m = {0};
    size_t seed = 0;
    bool helped, workers = false, plan = false;
    char **operands;
    const char *keep = NULL;
    const gr_option options[] = {
        {"seed", GR_NUMBER, &seed, "N", "of the tasks' random numbers (default 0)"},
        {"plan", GR_FLAG, &plan, NULL, "only measure a few items, and say which map would pay"},
        {"keep", GR_TEXT, &keep, "FILE", "keep results there; started again, do only the rest"},
        {"workers", GR_FLAG, &workers, NULL, "afterwards, what each worker did, on stderr"},
        {0},
    };
    gr_status status = gr_options_read(&gr_command_map, options, argc, argv, &operands, &helped);
    if (helped) return GR_EXIT_OK;
    if (!status && plan) return gr_exit_of(gr_map_plan(operands, seed));
    if (!status && !(operands[0] && operands[1] && operands[2]))
        status = gr_fail(GR_EARG, "map: expected SPEC TASK ITEMS, as in: "
                                  "gradus map fork:2 fermat 50:100");
    gr_map_spec spec;
    if (!status) status = gr_map_spec_read(operands[0], &spec);
    if (!status) status = gr_task_find(operands[1], &m.func);
    if (!status) status = gr_items_open(&m.items, operands + 2);
    if (status) return gr_exit_of(status);
    if (gr_map_type_of(spec.launcher)->ranks && !gr_ranks_possible())
        return start_ranks(&spec, argv, keep, m.items.total);
    if (keep && gr_rank() == 0) status = gr_keep_open(&m.keep, keep, m.func->name, seed);
    if ((status = gr_ranks_agree(status))) return gr_rank() ? GR_EXIT_USAGE : gr_exit_of(status);
    if (gr_rank() > 0) return gr_exit_of(gr_map_serve(operands[0], NULL));
    m.seed = seed;
    catch_signals();
    status = map_all(&m, operands[0]);
    int code = closing(&m, status, workers);
    gr_map_free(m.map);
    gr_items_free(&m.items);
    gr_keep_close(&m.keep);
    free(m.failure), free(m.workers);
    return code;
}

const gr_command gr_command_map = {
    .name = "map",
    .operands = "SPEC TASK ITEMS...",
    .summary = "apply a task to many numbers, side by side",
    .help =
        "  gradus map serial square 1:11              1 to 10: hi is excluded\n"
        "  gradus map fork:4 fermat 50:100            four processes, chunks to whoever is free\n"
        "  gradus map fork-carddealer:4 sleep 900,10  dealt like cards; items as a list\n"
        "  gradus map 'mpi(fork:2):3' fermat 50:100   three MPI ranks of two processes each\n"
        "  gradus map --plan fermat 1:1000000         which map, if any? SPEC may be left out\n"
        "  seq 1000 | gradus map threads square -     items from standard input, one a line\n\n"
        "Prints ITEM<TAB>RESULT in the order of the items. A dead worker costs its task another\n"
        "attempt; a task that fails has its status for a result, and the exit code is 1.\n"
        "SPEC is LAUNCHER[(MAP)][-STRATEGY][:WORKERS][,chunk=N][,timeout=SECONDS][,retries=N]\n"
        "[,tasks=N]. `gradus list` names launchers, strategies and tasks.",
    .run = map_main,
};
