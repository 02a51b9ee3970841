// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_end.h"
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAID = 4096 }; // of a launcher's own words these many letters are looked at

// What is found in a launcher's words.
typedef struct end {
    char who[32]; // ended badly: "rank 1", "ranks 2-3"; "": nothing was found
    int signal;   // that killed it, or
    int code;     // with which it ended
} end;

// ---- whose words are whose ----

static size_t line_length(const char *line)
{
    size_t length = strcspn(line, "\n");
    return length + (line[length] == '\n');
}

static bool is_slurms(const char *line)
{
    return !strncmp(line, "srun: ", 6) || !strncmp(line, "slurmstepd", 10);
}

// mpirun's own words stand between lines of dashes, srun's behind its name. They go into `said`.
static void cut_out(char *text, char said[SAID])
{
    char *to = text;
    size_t used = 0;
    bool inside = false;
    for (const char *line = text; *line;) {
        size_t length = line_length(line);
        bool dashes = strspn(line, "-") >= 60;
        if (dashes) inside = !inside;
        bool theirs = inside || is_slurms(line);
        if (!dashes && !theirs) memmove(to, line, length), to += length;
        if (!dashes && theirs && used + length < SAID) {
            memcpy(said + used, line, length);
            used += length;
        }
        line += length;
    }
    *to = '\0';
    said[used] = '\0';
}

// ---- what they say ----

// Of 4.1 in one line, of 5 broken anywhere: "process rank 1 with PID 28 on node vm exited on
// signal 9 (Killed)". Or "Process name: [[8764,1],2]", in 5 "[prterun-vm-72@1,2]", and what it
// ended with.
static end mpiruns(const char *said)
{
    end e = {.who = ""};
    const char *killed = strstr(said, "process rank "), *name = strstr(said, "Process name: ");
    const char *rank = NULL, *code = name ? strstr(name, "Exit code:") : NULL;
    int number;
    if (killed && sscanf(killed, "process rank %d with PID %*d on node %*s exited on signal %d",
                         &number, &e.signal) == 2)
        rank = killed + strlen("process rank ");
    for (const char *at = name; !e.signal && at && *at && *at != '\n'; at++)
        if (*at == ',') rank = at + 1;
    if (rank) snprintf(e.who, sizeof e.who, "rank %d", atoi(rank));
    if (code) e.code = atoi(code + strlen("Exit code:"));
    return e;
}

static int signal_named(const char *what)
{
    for (int number = 1; number < SIGSYS; number++) {
        const char *name = strsignal(number);
        if (!strncmp(what, name, strlen(name))) return number;
    }
    return 0;
}

// "srun: error: n1: task 1: Killed", or "tasks 2-3: Exited with exit code 5".
static end sruns_line(const char *line)
{
    end e = {.who = ""};
    char tasks[24], what[60];
    if (sscanf(line, "srun: error: %*[^:\n]: task%*[s ]%23[0-9,-]: %59[^\n]", tasks, what) != 2)
        return e;
    e.signal = signal_named(what);
    if (e.signal || sscanf(what, "Exited with exit code %d", &e.code) == 1)
        snprintf(e.who, sizeof e.who, "rank%s %s", strpbrk(tasks, ",-") ? "s" : "", tasks);
    return e;
}

// How likely that is but what became of the others: Slurm kills or ends them, and a rank of Open
// MPI 5 that loses its Slurm before that ends with 14 (MPI_ERR_UNKNOWN).
static int follows(const end *e)
{
    if (e->signal) return e->signal == SIGKILL ? 1 : e->signal == SIGTERM ? 2 : 0;
    return e->code == 14 ? 3 : 0;
}

// The first of which srun speaks, but for those that ended because of another.
static end sruns(const char *said)
{
    end first = {.who = ""};
    for (const char *line = said; *line; line += line_length(line)) {
        end e = sruns_line(line);
        if (*e.who && (!*first.who || follows(&e) < follows(&first))) first = e;
    }
    return first;
}

// ---- the sentence ----

static void say_launchers(const gr_child *child, const char *launcher, const char *said,
                          char why[GR_RANKS_WHY])
{
    if (child->signal && !child->timed_out)
        snprintf(why, GR_RANKS_WHY, "%s was killed by signal %d (%s)", launcher, child->signal,
                 strsignal(child->signal));
    else if (child->timed_out)
        snprintf(why, GR_RANKS_WHY, "the ranks did not end in time");
    else {
        if (!*said && child->err) said = child->err;
        snprintf(why, GR_RANKS_WHY, "%s ended with exit code %d: %.*s", launcher, child->exit_code,
                 (int)strcspn(said, "\n"), said);
    }
}

// The first words of ours; NULL if there are none.
static const char *first_of_ours(const char *err)
{
    const char *at = err ? strstr(err, "gradus: ") : NULL;
    while (at && (at[8] == '\n' || !at[8])) at = strstr(at + 1, "gradus: ");
    return at;
}

// The first line of ours, without "gradus: ", unless a rank only says that it was told to end; else
// what the launcher found.
void gr_ranks_explain(gr_child *child, const char *launcher, char why[GR_RANKS_WHY])
{
    char said[SAID] = "";
    if (child->err) cut_out(child->err, said);
    why[0] = '\0';
    if (child->exit_code == 0) return;
    const char *ours = first_of_ours(child->err);
    end e = strcmp(launcher, "srun") ? mpiruns(said) : sruns(said);
    bool told = e.signal > 0 && ours && !strncmp(ours, "gradus: interrupted", 19);
    if (ours && !told)
        snprintf(why, GR_RANKS_WHY, "%.*s", (int)strcspn(ours + 8, "\n"), ours + 8);
    else if (e.signal > 0)
        snprintf(why, GR_RANKS_WHY, "%s %s killed by signal %d (%s)", e.who,
                 strncmp(e.who, "ranks", 5) ? "was" : "were", e.signal, strsignal(e.signal));
    else if (*e.who)
        snprintf(why, GR_RANKS_WHY, "%s ended early, with exit code %d", e.who, e.code);
    else
        say_launchers(child, launcher, said, why);
    if (e.signal > 0) child->signal = e.signal, child->exit_code = -1;
}
