// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks.h"
#include "bench/command.h"
#include "bench/ranks_room.h"
#include "bench/workshop.h"
#include "lib/cpu.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 4096, MOST_WORDS = 24 }; // of a launcher's own

// ---- what there is ----

static bool in_path(const char *name)
{
    const char *path = getenv("PATH");
    for (const char *p = path ? path : ""; *p;) {
        char file[PATH];
        size_t length = strcspn(p, ":");
        snprintf(file, sizeof file, "%.*s/%s", (int)length, p, name);
        if (!access(file, X_OK)) return true;
        p += length + (p[length] == ':');
    }
    return false;
}

static void beside(const char *program, char path[PATH])
{
    size_t length = strlen(program);
    bool is = length > 4 && !strcmp(program + length - 4, "-mpi");
    snprintf(path, PATH, "%.4000s%s", program, is ? "" : "-mpi");
}

static bool in_job(void) { return getenv("SLURM_JOB_ID") && in_path("srun"); }

// "mpirun (Open MPI) 4.1.4" is what 4.1 and 5 say first. Asked once; "" if it is not known.
static const char *version_of_mpirun(void)
{
    static char version[64];
    static bool asked;
    gr_child child;
    char name[40] = "", number[24] = "";
    if (asked) return version;
    asked = true;
    if (gr_child_run((char *[]){"mpirun", "--version", NULL}, 20, &child)) return version;
    if (child.out && sscanf(child.out, "%*s (%39[^)]) %23s", name, number) == 2 &&
        !strcmp(name, "Open MPI"))
        snprintf(version, sizeof version, "%s %s", name, number);
    gr_child_free(&child);
    return version;
}

const char *gr_ranks_missing(void)
{
    char program[PATH];
    beside(gr_self(), program);
    if (access(program, X_OK)) return "built without MPI (make deps installs Open MPI)";
    if (in_job()) return NULL; // then there is srun
    if (!in_path("mpirun")) return "there is no mpirun in PATH";
    return *version_of_mpirun() ? NULL : "the mpirun in PATH is not that of Open MPI";
}

// Ranks that may compute at a time: those that a job was granted, or the cores here.
static int room(void)
{
    const char *granted = getenv("SLURM_NTASKS");
    int n = granted && getenv("SLURM_JOB_ID") ? atoi(granted) : 0;
    return n > 0 ? n : gr_cpu_usable();
}

gr_status gr_ranks_plan(int ranks, gr_ranks_how *how)
{
    *how = (gr_ranks_how){.room = room(), .launcher = "mpirun"};
    const char *missing = gr_ranks_missing();
    if (ranks < 1 || ranks > GR_MOST_RANKS)
        return gr_fail(GR_EARG, "%d ranks: expected 1 to %d", ranks, GR_MOST_RANKS);
    if (missing) return gr_fail(GR_EUNSUP, "MPI ranks cannot be started: %s", missing);
    how->oversubscribed = ranks > how->room;
    how->binding = how->oversubscribed ? "none" : "core";
    snprintf(how->version, sizeof how->version, "%s", in_path("mpirun") ? version_of_mpirun() : "");
    if (*how->version) return GR_OK;
    how->launcher = "srun";
    return how->oversubscribed
               ? gr_fail(GR_EARG, "%d ranks: this job was granted %d", ranks, how->room)
               : GR_OK;
}

// ---- the command ----

// Settings that keep Open MPI quiet and, on one machine, to the transports there are: `vader` is
// shared memory (5 calls it sm, and knows the old name), one-sided `rdma` fails without a network.
static void settle(double limit, bool oversubscribed)
{
    // Ranks that wait leave the core to others, where these are more ranks.
    setenv("OMPI_MCA_mpi_yield_when_idle", oversubscribed ? "1" : "0", 0);
    setenv("OMPI_MCA_btl_base_warn_component_unused", "0", 0);
    setenv("OMPI_MCA_osc", "^rdma", 0);
    // Ranks that are to end have nothing left to say: mpirun would wait a second (4.1's name, 5's).
    setenv("OMPI_MCA_odls_base_sigkill_timeout", "0", 0);
    setenv("PRTE_MCA_odls_base_sigkill_timeout", "0", 0);
    if (!getenv("SLURM_JOB_ID")) {
        setenv("OMPI_MCA_pml", "ob1", 0);
        setenv("OMPI_MCA_btl", "self,vader,tcp", 0);
    }
    char text[32];
    snprintf(text, sizeof text, "%g", limit);
    if (limit > 0) setenv("GRADUS_RANKS_LIMIT", text, 1);
}

static int launcher_words(const gr_ranks_how *how, char *ranks, char *bind, char **words)
{
    static char map[] = "core:OVERSUBSCRIBE", slot[] = "slot:OVERSUBSCRIBE";
    int n = 0;
    words[n++] = (char *)how->launcher;
    if (!strcmp(how->launcher, "srun")) {
        char *const rest[] = {"--mpi=pmix", "-n", ranks, "--cpu-bind=cores",
                              "--kill-on-bad-exit=1"};
        memcpy(words + n, rest, sizeof rest);
        return n + 5;
    }
    if (geteuid() == 0) words[n++] = "--allow-run-as-root";
    char *const rest[] = {"-n",        ranks, "--map-by", how->oversubscribed ? slot : map,
                          "--bind-to", bind};
    memcpy(words + n, rest, sizeof rest);
    n += 6;
    if (getenv("GRADUS_RANKS_LIMIT")) words[n++] = "-x", words[n++] = "GRADUS_RANKS_LIMIT";
    return n;
}

// ---- how it ended ----

// mpirun's own words stand between lines of dashes. They are cut out, but what matters is kept.
static void cut_banners(char *text, char *banners, size_t size)
{
    char *to = text;
    size_t used = 0;
    bool inside = false;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n');
        bool dashes = strspn(line, "-") >= 60;
        if (!dashes && !inside) memmove(to, line, length), to += length;
        if (!dashes && inside && used + length < size) {
            memcpy(banners + used, line, length);
            used += length;
        }
        if (dashes) inside = !inside;
        line += length;
    }
    *to = '\0';
    banners[used] = '\0';
}

static int number_after(const char *text, const char *word)
{
    const char *at = strstr(text, word);
    return at ? atoi(at + strlen(word)) : -1;
}

// "Process name: [[8764,1],2]" is rank 2.
static int rank_named(const char *text)
{
    const char *at = strstr(text, "Process name: [[");
    const char *comma = at ? strstr(at, "],") : NULL;
    return comma ? atoi(comma + 2) : -1;
}

// The first line of ours, without "gradus: ", unless a rank only says that mpirun ended it; else
// what mpirun found.
static void explain(gr_child *child, const char *banners, char why[GR_RANKS_WHY])
{
    const char *ours = child->err ? strstr(child->err, "gradus: ") : NULL;
    bool killed = child->signal && !child->timed_out; // mpirun itself
    int rank = number_after(banners, "process rank "), number = number_after(banners, "on signal ");
    if (number > 0) child->signal = number, child->exit_code = -1;
    if (ours && !(number > 0 && !strncmp(ours, "gradus: interrupted", 19)))
        snprintf(why, GR_RANKS_WHY, "%.*s", (int)strcspn(ours + 8, "\n"), ours + 8);
    else if (number > 0)
        snprintf(why, GR_RANKS_WHY, "rank %d was killed by signal %d (%s)", rank, number,
                 strsignal(number));
    else if (rank_named(banners) >= 0)
        snprintf(why, GR_RANKS_WHY, "rank %d ended early, with exit code %d", rank_named(banners),
                 child->exit_code);
    else if (killed)
        snprintf(why, GR_RANKS_WHY, "mpirun was killed by signal %d (%s)", child->signal,
                 strsignal(child->signal));
    else if (child->timed_out)
        snprintf(why, GR_RANKS_WHY, "the ranks did not end in time");
    else {
        const char *said = *banners ? banners : child->err ? child->err : "";
        snprintf(why, GR_RANKS_WHY, "mpirun ended with exit code %d: %.*s", child->exit_code,
                 (int)strcspn(said, "\n"), said);
    }
}

// The words that start it all; argv's are borrowed. To be freed.
static char **all_words(const gr_ranks_how *how, char *count, char *bind, char *path,
                        char *const argv[])
{
    size_t given = 0;
    while (argv[given]) given++;
    char **words = calloc(MOST_WORDS + given + 1, sizeof *words);
    if (!words) return NULL;
    int n = launcher_words(how, count, bind, words);
    words[n++] = path;
    memcpy(words + n, argv, given * sizeof *words);
    return words;
}

// seconds < 0: the job takes our place.
static gr_status run(const char *program, int ranks, char *const argv[], double limit,
                     double seconds, gr_child *child, char why[GR_RANKS_WHY])
{
    gr_ranks_how how;
    char path[PATH], count[16], bind[40], banners[4096] = "";
    *child = (gr_child){.exit_code = -1};
    why[0] = '\0';
    GR_TRY(gr_ranks_plan(ranks, &how));
    settle(limit, how.oversubscribed);
    beside(program, path);
    snprintf(count, sizeof count, "%d", ranks);
    snprintf(bind, sizeof bind, "%s%s", how.binding, how.oversubscribed ? "" : ":overload-allowed");
    char **words = all_words(&how, count, bind, path, argv);
    if (!words) return gr_fail(GR_ENOMEM, "starting ranks: out of memory");
    gr_ranks_room_make();
    gr_status status = seconds < 0 ? gr_child_run_through(words, child)
                                   : gr_child_run_gently(words, seconds, child);
    gr_ranks_room_free();
    free(words);
    if (child->err) cut_banners(child->err, banners, sizeof banners);
    if (!status && child->exit_code != 0) explain(child, banners, why);
    return status;
}

gr_status gr_ranks_run(const char *program, int ranks, char *const argv[], double limit,
                       double seconds, gr_child *child, char why[GR_RANKS_WHY])
{
    return run(program, ranks, argv, limit, seconds, child, why);
}

// What ranks said, each line once: often all of them say the same.
static void print_said(const char *err)
{
    char line[GR_RANKS_WHY];
    for (const char *at = err; at && (at = strstr(at, "gradus: ")); at += strlen(line)) {
        snprintf(line, sizeof line, "%.*s\n", (int)strcspn(at, "\n"), at);
        const char *first = strstr(err, line);
        if ((at == err || at[-1] == '\n') && (!first || first == at)) fputs(line, stderr);
    }
}

// A rank that was killed makes the job wrong, not gradus.
static int print_end(const gr_child *child, const char *why)
{
    const char *said = child->err ? child->err : "";
    if (!*why) return fputs(said, stderr), GR_EXIT_OK;
    if (child->signal || !strstr(said, "gradus: ") || strstr(said, "gradus: rank "))
        fprintf(stderr, "gradus: %s\n", why);
    else
        print_said(said);
    return child->exit_code == GR_EXIT_USAGE ? GR_EXIT_USAGE : GR_EXIT_WRONG;
}

int gr_ranks_main(int ranks, char *const argv[])
{
    gr_child child;
    char why[GR_RANKS_WHY];
    gr_catch_interrupts();
    fflush(stdout);
    gr_status status = run(gr_self(), ranks, argv, 0, -1, &child, why);
    int code = 0;
    if (gr_interrupted())
        print_said(child.err);
    else
        code = status ? gr_exit_of(status) : print_end(&child, why);
    gr_child_free(&child);
    return gr_interrupted() ? 128 + gr_interrupted() : code;
}
