// SPDX-License-Identifier: BSD-3-Clause
// Scripts and their protocol: bench/peers/peer.py. One script run is one launch, so a peer has a
// median and a range, never an interval.
#include "bench/peers.h"
#include "config.h"
#include "bench/child.h"
#include "bench/progress.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SAMPLING = 1, LONGEST = 600, EXIT_MISSING = 3 }; // s for samples; s until it is stopped

typedef struct peer {
    const char *ladder, *name, *script;
    int size, steps; // the talk's, the only ones at which it runs
} peer;

static const peer peers[] = {
    {"mandelbrot", "python3", "mandelbrot.py", 500, 100},
    {"mandelbrot", "numpy", "mandelbrot.py", 500, 100},
    {"mandelbrot", "numba", "mandelbrot.py", 500, 100},
    {"mandelbrot", "cython", "mandelbrot.py", 500, 100},
    {"laplace", "python3", "laplace.py", 500, 100},
    {"laplace", "numba", "laplace.py", 500, 100},
    {"laplace", "cython", "laplace.py", 500, 100},
    {"jacobi", "numpy", "laplace.py", 500, 100},
    {"primes", "python3", "primes.py", 1000000, 0},
};
enum { PEERS = sizeof peers / sizeof *peers };

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

// ---- what the record holds ----

static bool recorded(const gr_store *store, const peer *p)
{
    for (size_t i = 0; i < json_array_size(store->lines); i++) {
        const json_t *known = json_object_get(json_array_get(store->lines, i), "peer");
        if (!strcmp(text(known, "ladder"), p->ladder) && !strcmp(text(known, "peer"), p->name))
            return true;
    }
    return false;
}

static bool planned(const gr_store *store, const peer *p)
{
    const json_t *tasks = json_object_get(store->header, "tasks");
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        const json_t *task = json_array_get(tasks, i);
        if (!strcmp(text(task, "ladder"), p->ladder) &&
            json_integer_value(json_object_get(task, "size")) == p->size &&
            json_integer_value(json_object_get(task, "steps")) == p->steps)
            return true;
    }
    return false;
}

// Records a warning, once, however often the run is gone on with. Takes `warning` over.
static gr_status warn(gr_store *store, json_t *warning)
{
    for (size_t i = 0; warning && i < json_array_size(store->lines); i++) {
        json_t *known = json_object_get(json_array_get(store->lines, i), "warning");
        if (json_equal(known, warning)) return json_decref(warning), GR_OK;
    }
    return gr_store_append(store, json_pack("{s:o}", "warning", warning));
}

// ---- which Python ----

// Does this Python run, and run this program? An interrupt is an error, a failure is an answer.
static gr_status runs(const char *python, const char *program, bool *answer)
{
    char *argv[] = {(char *)python, "-c", (char *)program, NULL};
    gr_child child;
    gr_status status = gr_child_run(argv, 60, &child);
    *answer = !status && child.exit_code == 0;
    gr_child_free(&child);
    return status == GR_EUNSUP ? GR_OK : status;
}

// $GRADUS_PYTHON, else the first python3 that has numpy, else the first that runs, else NULL.
static gr_status find_python(const char **python)
{
    static const char *const candidates[] = {"python3", "/usr/bin/python3"};
    const char *chosen = getenv("GRADUS_PYTHON");
    bool answer = false;
    *python = NULL;
    if (chosen && *chosen) {
        GR_TRY(runs(chosen, "", &answer));
        if (answer) *python = chosen;
        return GR_OK;
    }
    for (int i = 0; i < 2; i++) {
        GR_TRY(runs(candidates[i], "import numpy", &answer));
        if (answer) return *python = candidates[i], GR_OK;
    }
    for (int i = 0; i < 2 && !*python; i++) {
        GR_TRY(runs(candidates[i], "", &answer));
        if (answer) *python = candidates[i];
    }
    return GR_OK;
}

// ---- one peer ----

static json_t *seconds_json(const json_t *list)
{
    size_t n = json_array_size(list);
    double *sample = malloc((n + 1) * sizeof *sample);
    if (!sample) return NULL;
    for (size_t i = 0; i < n; i++) sample[i] = json_number_value(json_array_get(list, i));
    double mid = gr_median(sample, n); // sorts
    json_t *j = json_pack("{s:f, s:n, s:n, s:f, s:I, s:i, s:[f], s:{s:f, s:f}}", "median", mid,
                          "lo", "hi", "min", sample[0], "samples", (json_int_t)n, "launches", 1,
                          "launch_medians", mid, "range", "lo", sample[0], "hi", sample[n - 1]);
    free(sample);
    return j;
}

// NULL if what the script printed is not its protocol.
static json_t *peer_json(const peer *p, const char *out)
{
    json_t *said = out ? json_loads(out, 0, NULL) : NULL, *line = NULL;
    json_t *seconds = json_object_get(said, "seconds");
    if (json_array_size(seconds) > 0 && *text(said, "verify"))
        line = json_pack("{s:s, s:s, s:i, s:i, s:o, s:s, s:s, s:f}", "ladder", p->ladder, "peer",
                         p->name, "size", p->size, "steps", p->steps, "seconds",
                         seconds_json(seconds), "verify", text(said, "verify"), "version",
                         text(said, "version"), "compile_seconds",
                         json_number_value(json_object_get(said, "compile_seconds")));
    json_decref(said);
    return line;
}

// The last line that holds anything: of a Python error, the one that says what it was.
static json_t *last_line(const char *err)
{
    const char *end = err ? err + strlen(err) : "", *start;
    while (err && end > err && end[-1] == '\n') end--;
    for (start = end; err && start > err && start[-1] != '\n';) start--;
    if (start == end) return json_string("it failed without a word");
    json_t *line = json_stringn(start, (size_t)(end - start));
    return line ? line : json_string("it failed with a message that is not UTF-8");
}

static json_t *left_out(const peer *p, const gr_child *child)
{
    if (child->timed_out)
        return json_sprintf("%s peer of %s left out: stopped after %d s", p->name, p->ladder,
                            LONGEST);
    if (child->signal)
        return json_sprintf("%s peer of %s left out: died: %s", p->name, p->ladder,
                            strsignal(child->signal));
    if (child->exit_code == 0)
        return json_sprintf("%s peer of %s left out: it printed nothing that can be read", p->name,
                            p->ladder);
    json_t *why = last_line(child->err), *warning;
    const char *reason = json_string_value(why);
    if (child->exit_code == EXIT_MISSING)
        warning = json_sprintf("%s peers left out: %s", p->name, reason ? reason : "");
    else
        warning =
            json_sprintf("%s peer of %s left out: %s", p->name, p->ladder, reason ? reason : "");
    json_decref(why);
    return warning;
}

static gr_status run_peer(gr_store *store, const peer *p, const char *python)
{
    char script[GR_PATH], prefix[GR_PATH], size[16], steps[16], seconds[16], truth[GR_PATH + 16];
    snprintf(script, sizeof script, "%.3800s/bench/peers/%s", GR_SOURCE_DIR, p->script);
    snprintf(prefix, sizeof prefix, "%.3800s/truth/%s-%dx%d", store->dir, p->ladder, p->size,
             p->steps);
    snprintf(truth, sizeof truth, "%s-0.npy", prefix);
    snprintf(size, sizeof size, "%d", p->size);
    snprintf(steps, sizeof steps, "%d", p->steps);
    snprintf(seconds, sizeof seconds, "%d", SAMPLING);
    if (access(truth, R_OK))
        return warn(store, json_sprintf("%s peer of %s left out: no truth to compare it with",
                                        p->name, p->ladder));
    // -B: no byte code is left beside the scripts
    char *argv[] = {(char *)python, "-B",   script, (char *)p->name, size, steps,
                    seconds,        prefix, NULL};
    gr_child child;
    double start = gr_now();
    gr_status status = gr_child_run(argv, LONGEST, &child);
    json_t *result = !status && child.exit_code == 0 ? peer_json(p, child.out) : NULL;
    if (!status && result)
        status = gr_store_append(store,
                                 json_pack("{s:o, s:f}", "peer", result, "wall", gr_now() - start));
    else if (!status)
        status = warn(store, left_out(p, &child));
    gr_child_free(&child);
    return status;
}

static gr_status run_all(gr_store *store, gr_progress *progress)
{
    const char *python = NULL;
    bool looked = false;
    for (int i = 0; i < PEERS; i++) {
        char doing[64];
        if (!planned(store, &peers[i]) || recorded(store, &peers[i])) continue;
        snprintf(doing, sizeof doing, "%s in %s", peers[i].ladder, peers[i].name);
        gr_progress_show(progress, (double)i / PEERS, -1, doing);
        if (!looked) GR_TRY(find_python(&python));
        looked = true;
        if (!python) {
            const char *wanted = getenv("GRADUS_PYTHON");
            return warn(store, json_sprintf("python3 peers left out: no %s",
                                            wanted && *wanted ? wanted : "python3"));
        }
        GR_TRY(run_peer(store, &peers[i], python));
    }
    return GR_OK;
}

gr_status gr_peers_run(gr_store *store)
{
    gr_progress progress = gr_progress_start("peers");
    gr_status status = run_all(store, &progress);
    gr_progress_end(&progress);
    return status;
}
