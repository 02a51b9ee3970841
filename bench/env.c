// SPDX-License-Identifier: BSD-3-Clause
#include "bench/env.h"
#include "lib/cgroup.h"
#include "lib/proc.h"
#include "config.h"
#include <cblas.h>
#include <ctype.h>
#include <dirent.h>
#include <gnu/libc-version.h>
#include <hwloc.h>
#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#if defined __clang__
#define COMPILER "clang " __clang_version__
#elif defined __GNUC__
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

enum { TEXT = 4096 };

// OpenBLAS has these; another CBLAS may not.
extern char *openblas_get_config(void) __attribute__((weak));
extern int openblas_get_num_threads(void) __attribute__((weak));

extern char **environ;

// Each reader writes its answer into text (TEXT bytes), or leaves it "".
typedef void reader(char *text);

void gr_env_clean(const char *text, const char *home, char *clean, size_t size)
{
    size_t length = home && strlen(home) > 1 ? strlen(home) : 0, n = 0;
    for (const char *p = text; *p && n + 1 < size;) {
        bool whole = length && !strncmp(p, home, length) && !isalnum((unsigned char)p[length]);
        unsigned char c = (unsigned char)*p;
        clean[n++] = whole ? '~' : c >= ' ' && c < 127 ? (char)c : '?';
        p += whole ? length : 1;
    }
    clean[n] = '\0';
}

static void file(char *text, const char *path) { gr_proc_read(path, text, TEXT); }

static void field(char *text, const char *path, const char *key)
{
    char all[4 * TEXT], value[TEXT];
    gr_proc_read(path, all, sizeof all);
    if (gr_proc_field(all, key, value, sizeof value)) snprintf(text, TEXT, "%s", value);
}

// The first line that a shell command prints; "" if it fails.
static void first_line(char *text, const char *command)
{
    FILE *out = popen(command, "re");
    if (!out) return;
    if (!fgets(text, TEXT, out)) text[0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    char rest[256];
    while (fread(rest, 1, sizeof rest, out)) {}
    if (pclose(out)) text[0] = '\0';
}

// Only a repository that holds this program says anything about it.
#define GIT "git cat-file -e HEAD:lib/ladder.h 2>/dev/null && "

static void commit(char *text) { first_line(text, GIT "git rev-parse HEAD 2>/dev/null"); }

static void dirty(char *text)
{
    char hash[TEXT] = "";
    first_line(hash, GIT "git diff HEAD 2>/dev/null | git hash-object --stdin 2>/dev/null");
    const char *nothing = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"; // git's hash of no bytes
    if (!strcmp(hash, nothing))
        snprintf(text, TEXT, "no");
    else if (hash[0])
        snprintf(text, TEXT, "yes, diff %.12s", hash);
}

static void compiler(char *text) { snprintf(text, TEXT, "%s", COMPILER); }
static void flags(char *text) { snprintf(text, TEXT, "%s", GR_FLAGS); }
static void gradus(char *text) { snprintf(text, TEXT, "%s", GR_VERSION); }
static void libc(char *text) { snprintf(text, TEXT, "glibc %s", gnu_get_libc_version()); }

static void kernel(char *text)
{
    struct utsname u;
    if (!uname(&u)) snprintf(text, TEXT, "%s %s %s", u.sysname, u.release, u.machine);
}

static void host(char *text)
{
    struct utsname u;
    if (!uname(&u)) snprintf(text, TEXT, "%s", u.nodename);
}

static void cpu(char *text) { field(text, "/proc/cpuinfo", "model name"); }
static void microcode(char *text) { field(text, "/proc/cpuinfo", "microcode"); }
static void affinity(char *text) { field(text, "/proc/self/status", "Cpus_allowed_list"); }
static void smt(char *text) { file(text, "/sys/devices/system/cpu/smt/control"); }
static void numa(char *text) { file(text, "/sys/devices/system/node/online"); }
static void thp(char *text) { file(text, "/sys/kernel/mm/transparent_hugepage/enabled"); }
static void paranoid(char *text) { file(text, "/proc/sys/kernel/perf_event_paranoid"); }
static void memory(char *text) { field(text, "/proc/meminfo", "MemTotal"); }
static void available(char *text) { field(text, "/proc/meminfo", "MemAvailable"); }
static void load(char *text) { file(text, "/proc/loadavg"); }

static void governor(char *text)
{
    file(text, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
}

static void frequency(char *text)
{
    file(text, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq");
}

static void clock_source(char *text)
{
    file(text, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
}

static void turbo(char *text)
{
    char value[TEXT];
    if (gr_proc_read("/sys/devices/system/cpu/intel_pstate/no_turbo", value, sizeof value))
        snprintf(text, TEXT, "%s", value[0] == '0' ? "on" : "off");
    else if (gr_proc_read("/sys/devices/system/cpu/cpufreq/boost", value, sizeof value))
        snprintf(text, TEXT, "%s", value[0] == '1' ? "on" : "off");
}

static void temperature(char *text)
{
    char value[64], *end;
    if (!gr_proc_read("/sys/class/thermal/thermal_zone0/temp", value, sizeof value)) return;
    double millidegrees = strtod(value, &end);
    if (end != value) snprintf(text, TEXT, "%.1f", millidegrees / 1000);
}

static void aslr(char *text)
{
    char value[64];
    static const char *const words[] = {"off", "partial", "full"};
    gr_proc_read("/proc/sys/kernel/randomize_va_space", value, sizeof value);
    if (value[0] >= '0' && value[0] <= '2' && !value[1])
        snprintf(text, TEXT, "%s", words[value[0] - '0']);
}

static void append(char *text, const char *more)
{
    size_t n = strlen(text);
    snprintf(text + n, TEXT - n, "%s%s", n ? " " : "", more);
}

static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

// The names of the processor's weaknesses that the kernel works around, or that stay open.
static void mitigations(char *text)
{
    const char *folder = "/sys/devices/system/cpu/vulnerabilities";
    char mitigated[TEXT] = "", vulnerable[TEXT] = "", path[512], value[TEXT];
    struct dirent **names;
    int n = scandir(folder, &names, visible, alphasort);
    if (n < 0) return;
    for (int k = 0; k < n; k++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[k]->d_name);
        gr_proc_read(path, value, sizeof value);
        if (!strncmp(value, "Mitigation", 10)) append(mitigated, names[k]->d_name);
        if (!strncmp(value, "Vulnerable", 10)) append(vulnerable, names[k]->d_name);
        free(names[k]);
    }
    free(names);
    snprintf(text, TEXT, "mitigated: %.1000s; vulnerable: %.1000s",
             mitigated[0] ? mitigated : "none", vulnerable[0] ? vulnerable : "none");
}

static void virtual_machine(char *text)
{
    char cpu_flags[2 * TEXT] = "", all[4 * TEXT];
    gr_proc_read("/proc/cpuinfo", all, sizeof all);
    if (gr_proc_field(all, "flags", cpu_flags, sizeof cpu_flags))
        snprintf(text, TEXT, "%s", strstr(cpu_flags, "hypervisor") ? "yes" : "no");
}

static void cgroup_cores(char *text)
{
    double cores = gr_cgroup_cores();
    snprintf(text, TEXT, isfinite(cores) ? "%.2f" : "no limit", cores);
}

static void cgroup_memory(char *text)
{
    double bytes = gr_cgroup_memory_limit();
    snprintf(text, TEXT, isfinite(bytes) ? "%.0f" : "no limit", bytes);
}

static void container(char *text)
{
    const char *name = getenv("container");
    if (name && *name)
        snprintf(text, TEXT, "%s", name);
    else if (getenv("APPTAINER_NAME") || getenv("SINGULARITY_NAME"))
        snprintf(text, TEXT, "apptainer");
    else if (getenv("KUBERNETES_SERVICE_HOST"))
        snprintf(text, TEXT, "kubernetes");
    else if (!access("/.dockerenv", F_OK))
        snprintf(text, TEXT, "docker");
    else if (!access("/run/.containerenv", F_OK))
        snprintf(text, TEXT, "podman");
    else
        snprintf(text, TEXT, "no sign of one");
}

static void uptime(char *text)
{
    file(text, "/proc/uptime");
    text[strcspn(text, " ")] = '\0';
}

static void time_utc(char *text)
{
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc)) strftime(text, TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static void openblas(char *text)
{
    if (openblas_get_config) snprintf(text, TEXT, "%s", openblas_get_config());
}

static void openblas_threads(char *text)
{
    if (openblas_get_num_threads) snprintf(text, TEXT, "%d", openblas_get_num_threads());
}

static void hwloc(char *text)
{
    unsigned v = hwloc_get_api_version();
    snprintf(text, TEXT, "API %u.%u.%u", v >> 16, v >> 8 & 255, v & 255);
}

static void jansson(char *text) { snprintf(text, TEXT, "%s", JANSSON_VERSION); }

typedef struct scheduler_name {
    const char *name, *variable; // the variable holds the job's id
} scheduler_name;

static const scheduler_name schedulers[] = {
    {"slurm", "SLURM_JOB_ID"}, {"pbs", "PBS_JOBID"},    {"lsf", "LSB_JOBID"},
    {"sge", "JOB_ID"},         {"flux", "FLUX_JOB_ID"}, {"cobalt", "COBALT_JOBID"},
};

static const scheduler_name *scheduler_here(void)
{
    for (size_t k = 0; k < sizeof schedulers / sizeof *schedulers; k++)
        if (getenv(schedulers[k].variable)) return &schedulers[k];
    return NULL;
}

static void scheduler(char *text)
{
    const scheduler_name *s = scheduler_here();
    snprintf(text, TEXT, "%s", s ? s->name : "none");
}

static void job(char *text)
{
    const scheduler_name *s = scheduler_here();
    snprintf(text, TEXT, "%s", s ? getenv(s->variable) : "none");
}

// The variables that steer threads, libraries and message passing, as NAME=value.
static void environment(char *text)
{
    static const char *const prefixes[] = {"OMP_",  "OPENBLAS_", "GOMP_",     "KMP_",
                                           "BLIS_", "MKL_",      "OMPI_MCA_", "MALLOC_"};
    for (char **variable = environ; *variable; variable++)
        for (size_t k = 0; k < sizeof prefixes / sizeof *prefixes; k++)
            if (!strncmp(*variable, prefixes[k], strlen(prefixes[k]))) append(text, *variable);
    if (!text[0]) snprintf(text, TEXT, "none set");
}

typedef struct member {
    const char *name;
    reader *read;
} member;

static const member members[] = {
    {"commit", commit},
    {"dirty", dirty},
    {"gradus", gradus},
    {"compiler", compiler},
    {"flags", flags},
    {"libc", libc},
    {"kernel", kernel},
    {"hostname", host},
    {"cpu", cpu},
    {"microcode", microcode},
    {"affinity", affinity},
    {"smt", smt},
    {"numa_nodes", numa},
    {"governor", governor},
    {"turbo", turbo},
    {"frequency_kHz", frequency},
    {"temperature_C", temperature},
    {"thp", thp},
    {"aslr", aslr},
    {"mitigations", mitigations},
    {"virtual", virtual_machine},
    {"clocksource", clock_source},
    {"perf_event_paranoid", paranoid},
    {"memory", memory},
    {"memory_available", available},
    {"cgroup_cores", cgroup_cores},
    {"cgroup_memory", cgroup_memory},
    {"container", container},
    {"load", load},
    {"uptime_s", uptime},
    {"time_utc", time_utc},
    {"openblas", openblas},
    {"openblas_threads", openblas_threads},
    {"hwloc", hwloc},
    {"jansson", jansson},
    {"scheduler", scheduler},
    {"job", job},
    {"environment", environment},
};

gr_status gr_env_capture(json_t **env)
{
    *env = json_object();
    if (!*env) return gr_fail(GR_ENOMEM, "environment: out of memory");
    for (size_t k = 0; k < sizeof members / sizeof *members; k++) {
        char text[TEXT] = "", clean[TEXT];
        members[k].read(text);
        gr_env_clean(text[0] ? text : "unknown", getenv("HOME"), clean, sizeof clean);
        if (json_object_set_new(*env, members[k].name, json_string(clean))) {
            json_decref(*env);
            *env = NULL;
            return gr_fail(GR_ENOMEM, "environment: out of memory");
        }
    }
    return GR_OK;
}
