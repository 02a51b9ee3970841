// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks.h"
#include "bench/command.h"
#include "bench/ranks_end.h"
#include "bench/ranks_room.h"
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

// A number that Slurm tells its jobs; 0 elsewhere.
static int slurm(const char *name)
{
    const char *text = getenv(name);
    return text && getenv("SLURM_JOB_ID") ? atoi(text) : 0;
}

static int cores_of(gr_ranks_shape shape) { return shape.cores > 0 ? shape.cores : 1; }

int gr_ranks_room(int cores)
{
    int tasks = slurm("SLURM_NTASKS"), each = slurm("SLURM_CPUS_PER_TASK");
    int all = tasks > 0 ? tasks * (each > 0 ? each : 1) : gr_cpu_usable();
    return all > cores ? all / cores : 1;
}

gr_ranks_shape gr_ranks_shape_of(const gr_map_spec *spec)
{
    int inner = strchr(spec->inner, ':') ? spec->width : 1; // without a number: those of a node
    return (gr_ranks_shape){.ranks = spec->workers,
                            .cores = spec->cpp > inner ? spec->cpp : inner,
                            .per_node = spec->ppn > 1 ? spec->ppn : 0};
}

gr_status gr_ranks_plan(gr_ranks_shape shape, gr_ranks_how *how)
{
    *how = (gr_ranks_how){.room = gr_ranks_room(cores_of(shape)), .launcher = "mpirun"};
    const char *missing = gr_ranks_missing();
    int ranks = shape.ranks, cores = cores_of(shape);
    if (ranks < 1 || ranks > GR_MOST_RANKS)
        return gr_fail(GR_EARG, "%d ranks: expected 1 to %d", ranks, GR_MOST_RANKS);
    if (missing) return gr_fail(GR_EUNSUP, "MPI ranks cannot be started: %s", missing);
    how->oversubscribed = ranks * cores > gr_ranks_room(1);
    strcpy(how->binding, how->oversubscribed ? "none" : "core");
    if (!how->oversubscribed && cores > 1)
        snprintf(how->binding, sizeof how->binding, "%d cores", cores);
    snprintf(how->version, sizeof how->version, "%s", in_path("mpirun") ? version_of_mpirun() : "");
    if (*how->version) return GR_OK;
    how->launcher = "srun";
    return how->oversubscribed
               ? gr_fail(GR_EARG, "%d ranks: this job was granted %d", ranks, how->room)
               : GR_OK;
}

// ---- the command ----

// What mpirun and all ranks are told. (Which transports to take the ranks tell MPI themselves.)
static void settle(double limit, bool oversubscribed)
{
    // Ranks that wait leave the core to others, where these are more ranks.
    setenv("OMPI_MCA_mpi_yield_when_idle", oversubscribed ? "1" : "0", 0);
    setenv("OMPI_MCA_btl_base_warn_component_unused", "0", 0);
    // Ranks that are to end have nothing left to say: mpirun of 4.1 would wait a second.
    setenv("OMPI_MCA_odls_base_sigkill_timeout", "0", 0);
    char text[32];
    snprintf(text, sizeof text, "%g", limit);
    if (limit > 0) setenv("GRADUS_RANKS_LIMIT", text, 1);
}

// Numbers as words.
typedef struct numbers {
    char ranks[16], cores[32], per_node[48], map[80];
} numbers;

static int major_version(const gr_ranks_how *how)
{
    return *how->version ? atoi(how->version + strcspn(how->version, "0123456789")) : 0;
}

// mpirun may put more ranks on a node than there are slots, which are tasks or cores there and not
// what we count. But where it may, Open MPI 5 fills the first node with all of them: there it may
// not as long as each rank is one of the tasks that were granted, else it is told how many a node
// gets.
static bool keeps_to_slots(gr_ranks_shape shape, const gr_ranks_how *how, int nodes)
{
    return nodes > 1 && major_version(how) >= 5 && !shape.per_node && cores_of(shape) == 1 &&
           shape.ranks <= slurm("SLURM_NTASKS");
}

static int ranks_on_node(gr_ranks_shape shape, const gr_ranks_how *how, int nodes)
{
    if (nodes < 2) return 0;
    if (shape.per_node || major_version(how) < 5) return shape.per_node;
    return (shape.ranks + nodes - 1) / nodes;
}

// mpirun: by slots where there are too few cores, else by cores, or by as many as a rank has.
static void write_numbers(gr_ranks_shape shape, const gr_ranks_how *how, numbers *w)
{
    int cores = cores_of(shape), nodes = slurm("SLURM_JOB_NUM_NODES");
    bool slots = keeps_to_slots(shape, how, nodes);
    int on_node = slots ? 0 : ranks_on_node(shape, how, nodes);
    char place[32], each[24] = "";
    snprintf(w->ranks, sizeof w->ranks, "%d", shape.ranks);
    snprintf(w->cores, sizeof w->cores, "--cpus-per-task=%d", cores);
    snprintf(w->per_node, sizeof w->per_node, "--ntasks-per-node=%d", on_node);
    if (!on_node) w->per_node[0] = '\0';
    bool by_core = !how->oversubscribed && cores == 1;
    snprintf(place, sizeof place, on_node ? "ppr:%d:node" : by_core ? "core" : "slot", on_node);
    if (!how->oversubscribed && cores > 1) snprintf(each, sizeof each, ":PE=%d", cores);
    snprintf(w->map, sizeof w->map, "%s%s%s", place, each, slots ? "" : ":OVERSUBSCRIBE");
}

static int srun_words(numbers *w, char **words)
{
    char *const all[] = {"srun",
                         "--mpi=pmix",
                         "-n",
                         w->ranks,
                         w->cores,
                         "--cpu-bind=cores",
                         "--kill-on-bad-exit=1",
                         w->per_node};
    int n = *w->per_node ? 8 : 7;
    memcpy(words, all, (size_t)n * sizeof *all);
    return n;
}

static int launcher_words(const gr_ranks_how *how, numbers *w, char **words)
{
    if (!strcmp(how->launcher, "srun")) return srun_words(w, words);
    int n = 0;
    words[n++] = "mpirun";
    if (geteuid() == 0) words[n++] = "--allow-run-as-root";
    char *const rest[] = {"-n",        w->ranks,
                          "--map-by",  w->map,
                          "--bind-to", how->oversubscribed ? "none" : "core:overload-allowed"};
    memcpy(words + n, rest, sizeof rest);
    n += 6;
    if (getenv("GRADUS_RANKS_LIMIT")) words[n++] = "-x", words[n++] = "GRADUS_RANKS_LIMIT";
    return n;
}

// ---- the job ----

// The words that start it all; argv's are borrowed. To be freed.
static char **all_words(const gr_ranks_how *how, numbers *w, char *path, char *const argv[])
{
    size_t given = 0;
    while (argv[given]) given++;
    char **words = calloc(MOST_WORDS + given + 1, sizeof *words);
    if (!words) return NULL;
    int n = launcher_words(how, w, words);
    words[n++] = path;
    memcpy(words + n, argv, given * sizeof *words);
    return words;
}

// seconds < 0: the job takes our place.
static gr_status run(const char *program, gr_ranks_shape shape, char *const argv[], double limit,
                     double seconds, gr_child *child, char why[GR_RANKS_WHY])
{
    gr_ranks_how how;
    numbers w;
    char path[PATH];
    *child = (gr_child){.exit_code = -1};
    why[0] = '\0';
    GR_TRY(gr_ranks_plan(shape, &how));
    settle(limit, how.oversubscribed);
    beside(program, path);
    write_numbers(shape, &how, &w);
    char **words = all_words(&how, &w, path, argv);
    if (!words) return gr_fail(GR_ENOMEM, "starting ranks: out of memory");
    gr_ranks_room_make();
    gr_status status = seconds < 0 ? gr_child_run_through(words, child)
                                   : gr_child_run_gently(words, seconds, child);
    gr_ranks_room_free();
    free(words);
    if (!status) gr_ranks_explain(child, how.launcher, why);
    return status;
}

gr_status gr_ranks_run(const char *program, int ranks, char *const argv[], double limit,
                       double seconds, gr_child *child, char why[GR_RANKS_WHY])
{
    return run(program, (gr_ranks_shape){.ranks = ranks}, argv, limit, seconds, child, why);
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

// A rank may know what is kept; else nobody has said anything.
static void print_interrupted(const gr_child *child)
{
    print_said(child->err);
    if (!child->err || !strstr(child->err, "gradus: ")) fputs("gradus: interrupted\n", stderr);
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

int gr_ranks_main(gr_ranks_shape shape, char *const argv[])
{
    gr_child child;
    char why[GR_RANKS_WHY];
    gr_catch_interrupts();
    fflush(stdout);
    gr_status status = run(gr_self(), shape, argv, 0, -1, &child, why);
    int code = 0;
    if (gr_interrupted())
        print_interrupted(&child);
    else
        code = status ? gr_exit_of(status) : print_end(&child, why);
    gr_child_free(&child);
    return gr_interrupted() ? 128 + gr_interrupted() : code;
}
