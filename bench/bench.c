// SPDX-License-Identifier: BSD-3-Clause
// bench -- the command `gradus bench`: plan, run, and tell.
#include "bench/child.h"
#include "bench/command.h"
#include "bench/env.h"
#include "bench/laps.h"
#include "bench/map_grid.h"
#include "bench/map_record.h"
#include "bench/part_record.h"
#include "bench/peers.h"
#include "bench/ranks_record.h"
#include "bench/points.h"
#include "bench/report.h"
#include "lib/cpu.h"
#include "lib/replace.h"
#include <errno.h>
#include <libgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct bench {
    gr_size size;
    gr_numbers procs;
    bool quick, peers, maps, aa;
    double budget;
    const char *json, *out;
    char **selectors;
    char command[512];
} bench;

// ---- where the results go
// ------------------------------------------------------------------------

static void fresh_folder(char *dir)
{
    char host[64] = "host", date[16];
    gethostname(host, sizeof host - 1);
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    strftime(date, sizeof date, "%Y%m%d", &local);
    for (int n = 1; n < 10000; n++) {
        snprintf(dir, GR_PATH, "results/%s-%s-%d", host, date, n);
        if (access(dir, F_OK)) return;
    }
}

static const char *base_name(const char *dir)
{
    const char *slash = strrchr(dir, '/');
    return slash && slash[1] ? slash + 1 : dir;
}

// Goes on with `dir` if it holds the same plan by the same build, unfinished.
static gr_status go_on(gr_store *store, const char *dir, const json_t *header)
{
    GR_TRY(gr_store_open(store, dir, true));
    const char *why = NULL;
    if (!json_equal(json_object_get(store->header, "tasks"), json_object_get(header, "tasks")))
        why = "measures something else";
    else if (!json_equal(json_object_get(store->header, "build"), json_object_get(header, "build")))
        why = "was made by another build";
    else if (gr_store_find(store, "finished"))
        why = "is finished";
    if (!why) return GR_OK;
    gr_store_close(store);
    return gr_fail(GR_EARG, "the run in %s %s: choose another folder, or `gradus report %s`", dir,
                   why, dir);
}

static gr_status open_store(gr_store *store, const bench *b, const gr_plan *plan)
{
    char dir[GR_PATH], record[GR_PATH + 16];
    fresh_folder(dir);
    if (b->out) snprintf(dir, sizeof dir, "%s", b->out);
    json_t *header = gr_header_of(plan, base_name(dir), b->command, b->quick);
    if (!header) return gr_fail(GR_ENOMEM, "header: out of memory");
    snprintf(record, sizeof record, "%s/raw.jsonl", dir);
    bool again = b->out ? !access(record, F_OK) : gr_store_unfinished("results", header, dir);
    gr_status status = again ? go_on(store, dir, header) : gr_store_new(store, dir, header);
    if (!status && again) fprintf(stderr, "gradus: going on with %s\n", dir);
    json_decref(header);
    return status;
}

// ---- running
// -------------------------------------------------------------------------------------

static gr_status record_env(gr_store *store)
{
    json_t *env = NULL;
    if (gr_store_find(store, "env")) return GR_OK;
    GR_TRY(gr_env_capture(&env));
    return gr_store_append(store, json_pack("{s:o}", "env", env));
}

static gr_status finish(gr_store *store, bool whole)
{
    char now[32];
    time_t t = time(NULL);
    struct tm utc;
    gmtime_r(&t, &utc);
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return gr_store_append(store, json_pack("{s:s, s:b}", "finished", now, "whole", whole));
}

// The truths are as large as the problems; a finished run needs them no more.
static void drop_truths(const gr_store *store, const gr_plan *plan)
{
    char path[GR_PATH + 256];
    for (size_t i = 0; i < plan->n; i++)
        for (int k = 0; k < GR_MAX_OUTPUTS; k++) {
            const gr_task *t = &plan->tasks[i];
            snprintf(path, sizeof path, "%s/truth/%s-%zux%zu-%d.npy", store->dir, t->ladder->name,
                     t->size.n, t->size.steps, k);
            unlink(path);
        }
    snprintf(path, sizeof path, "%s/truth", store->dir);
    rmdir(path);
}

// Six laps give an interval, so they come first; what is left of a budget makes launches longer.
static double launch_seconds(const bench *b)
{
    return b->quick ? 0.08 : fmin(0.25, fmax(0.08, b->budget / 2800));
}

// Fewer and shorter runs than `gradus contest` by itself: some seconds, quick one.
static gr_status record_contest(gr_store *store, bool quick)
{
    char *argv[] = {gr_self(),
                    (char[]){"contest"},
                    (char[]){"--json"},
                    (char[]){"-"},
                    (char[]){"--instances"},
                    quick ? (char[]){"2"} : (char[]){"5"},
                    (char[]){"--budget"},
                    quick ? (char[]){"5000"} : (char[]){"50000"},
                    NULL};
    if (gr_store_find(store, "contest")) return GR_OK;
    return gr_part_record(store, "contest", "how many evaluations solvers need", argv, 120);
}

static gr_status record_overhead(gr_store *store)
{
    char *argv[] = {gr_self(),          (char[]){"contest"}, (char[]){"--overhead"},
                    (char[]){"--json"}, (char[]){"-"},       NULL};
    if (gr_store_find(store, "overhead")) return GR_OK;
    return gr_part_record(store, "overhead", "what solvers take themselves", argv, 60);
}

static gr_status run_plan(const bench *b, const gr_plan *plan, gr_store *store)
{
    gr_laps laps = {.plan = plan, .store = store, .budget = b->budget, .quick = b->quick};
    laps.launch = launch_seconds(b);
    laps.least = 6, laps.most = b->quick ? 6 : 12;
    bool whole = false;
    GR_TRY(record_env(store));
    GR_TRY(gr_laps_run(&laps, &whole));
    if (b->maps || !b->selectors[0])
        GR_TRY(gr_map_record(store, b->maps ? GR_GRID_ALL : GR_GRID_FEW));
    if (!b->selectors[0]) GR_TRY(gr_ranks_record(store));
    if (!b->selectors[0]) GR_TRY(record_contest(store, b->quick));
    if (!b->selectors[0]) GR_TRY(record_overhead(store));
    if (b->peers) GR_TRY(gr_peers_run(store));
    GR_TRY(finish(store, whole));
    drop_truths(store, plan);
    return GR_OK;
}

// ---- telling
// -------------------------------------------------------------------------------------

static bool put_json(const json_t *document, FILE *out)
{
    return !json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(7)) &&
           putc('\n', out) != EOF && !fflush(out);
}

static gr_status write_json(const json_t *document, const char *path)
{
    gr_replace file;
    if (!strcmp(path, "-"))
        return put_json(document, stdout) ? GR_OK : gr_fail_errno("cannot write the document");
    GR_TRY(gr_replace_begin(&file, path));
    put_json(document, file.stream); // a failure stays in the stream
    return gr_replace_end(&file, true);
}

static gr_status write_side_files(const json_t *document, const char *dir)
{
    char path[GR_PATH];
    snprintf(path, sizeof path, "%.4000s/env.json", dir);
    GR_TRY(write_json(json_object_get(document, "env"), path));
    snprintf(path, sizeof path, "%.4000s/points.json", dir);
    GR_TRY(write_json(document, path));
    return gr_report_write(document, dir);
}

static gr_status tell(const bench *b, const gr_store *store, int *wrong)
{
    json_t *document = NULL;
    GR_TRY(gr_points_of(store, &document));
    FILE *out = b->json && !strcmp(b->json, "-") ? stderr : stdout;
    *wrong = gr_points_wrong(document);
    gr_report_print(document, out, gr_colour_wanted(out), gr_columns(out));
    gr_status status = write_side_files(document, store->dir);
    if (!status) fprintf(out, "\nreport: %s/report.html\n", store->dir);
    if (!status && b->json) status = write_json(document, b->json);
    json_decref(document);
    return status;
}

// Better now than after minutes of measuring.
static gr_status check_writable(const char *path)
{
    char folder[GR_PATH];
    struct stat about;
    if (!strcmp(path, "-")) return GR_OK;
    snprintf(folder, sizeof folder, "%s", path);
    bool there = !stat(path, &about);
    if (there && S_ISDIR(about.st_mode))
        errno = EISDIR;
    else if (!access(there ? path : dirname(folder), W_OK))
        return GR_OK;
    return gr_fail_errno("cannot write %s", path);
}

static int run_bench(bench *b)
{
    gr_plan plan;
    gr_store store;
    int wrong = 0;
    gr_plan_options options = {.selectors = b->selectors,
                               .size = b->size,
                               .procs = b->procs.value,
                               .nprocs = b->procs.n,
                               .usable = gr_cpu_usable(),
                               .quick = b->quick,
                               .twins = b->aa};
    gr_status status = gr_plan_make(&plan, &options);
    if (status) return gr_exit_of(status);
    status = open_store(&store, b, &plan);
    if (status) return gr_plan_fini(&plan), gr_exit_of(status);
    gr_catch_interrupts();
    status = run_plan(b, &plan, &store);
    gr_plan_fini(&plan);
    int code = gr_exit_of(status);
    if (gr_interrupted())
        fprintf(stderr,
                "gradus: all that was measured is in %s; the same command goes on from there\n",
                store.dir);
    status = tell(b, &store, &wrong); // also of a run that was cut short
    gr_store_close(&store);
    if (gr_interrupted()) return 128 + gr_interrupted();
    if (code) return code;
    if (status) return gr_exit_of(status);
    return wrong ? GR_EXIT_WRONG : GR_EXIT_OK;
}

static void keep_command(bench *b, int argc, char **argv)
{
    size_t used = (size_t)snprintf(b->command, sizeof b->command, "gradus");
    for (int i = 0; i < argc && used < sizeof b->command; i++)
        used += (size_t)snprintf(b->command + used, sizeof b->command - used, " %s", argv[i]);
}

static int bench_main(int argc, char **argv)
{
    bench b = {.budget = -1};
    bool helped;
    keep_command(&b, argc, argv);
    const gr_option options[] = {
        {"size", GR_COUNT, &b.size.n, "N", "this size instead of the ladders' own"},
        {"steps", GR_COUNT, &b.size.steps, "K", "iterations or sweeps at that size"},
        {"procs", GR_NUMBERS, &b.procs, "1,2,4",
         "workers of the parallel rungs (default: 1, 2, 4 ... all cores)"},
        {"quick", GR_FLAG, &b.quick, NULL,
         "the talk's sizes and all cores only, short launches: a minute"},
        {"budget", GR_SECONDS, &b.budget, "10m", "time to spend (default 240s; 35s with --quick)"},
        {"json", GR_TEXT, &b.json, "FILE",
         "also write the whole document there; - is standard output"},
        {"out", GR_TEXT, &b.out, "DIR", "results go there (default results/HOST-DATE-N)"},
        {"peers", GR_FLAG, &b.peers, NULL,
         "also run the case studies in Python, as far as installed"},
        {"maps", GR_FLAG, &b.maps, NULL,
         "200 jobs to hold the cost model of maps against, not 40 (none if ladders are named)"},
        {"aa", GR_FLAG, &b.aa, NULL,
         "every point against itself: how often is a difference imagined?"},
        {0},
    };
    gr_status status =
        gr_options_read(&gr_command_bench, options, argc, argv, &b.selectors, &helped);
    if (helped) return GR_EXIT_OK;
    if (!status && b.json) status = check_writable(b.json);
    if (status) return gr_exit_of(status);
    if (b.budget < 0) b.budget = b.quick ? 35 : 240;
    return run_bench(&b);
}

const gr_command gr_command_bench = {
    .name = "bench",
    .operands = "[LADDER[/RUNG] ...]",
    .summary = "measure ladders against this machine's limits; write a report",
    .help =
        "Every point is measured in fresh processes, in laps of random order, and verified before\n"
        "and after. Killed at any moment, the same command goes on where it was.\n"
        "  gradus bench                         everything\n"
        "  gradus bench mandelbrot --quick      one ladder, roughly\n"
        "  gradus bench laplace/pipelined --size 1000 --json -",
    .run = bench_main,
};

// ---- the report again
// ----------------------------------------------------------------------------

static int report_main(int argc, char **argv)
{
    static const gr_option options[] = {{0}};
    char **operands;
    bool helped;
    gr_store store;
    gr_status status = gr_options_read(&gr_command_report, options, argc, argv, &operands, &helped);
    if (status || helped) return gr_exit_of(status);
    if (!operands[0] || operands[1])
        return gr_exit_of(
            gr_fail(GR_EARG, "report: expected one DIR, such as results/HOST-DATE-1"));
    status = gr_store_open(&store, operands[0], false);
    if (status) return gr_exit_of(status);
    int wrong = 0;
    status = tell(&(bench){0}, &store, &wrong);
    gr_store_close(&store);
    if (status) return gr_exit_of(status);
    return wrong ? GR_EXIT_WRONG : GR_EXIT_OK;
}

const gr_command gr_command_report = {
    .name = "report",
    .operands = "DIR",
    .summary = "make the report of a run again from its raw data",
    .run = report_main,
};
