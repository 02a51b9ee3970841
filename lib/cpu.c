// SPDX-License-Identifier: BSD-3-Clause
#include "lib/cpu.h"
#include "lib/cgroup.h"
#include "lib/proc.h"
#include <hwloc.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#if defined __aarch64__
#include <sys/auxv.h>
#endif

// Processors in the affinity mask. The kernel refuses a mask that is shorter than its own.
static int affinity_count(void)
{
    for (int cpus = CPU_SETSIZE; cpus <= 1 << 20; cpus *= 2) {
        cpu_set_t *set = CPU_ALLOC(cpus);
        if (!set) return 1;
        size_t size = CPU_ALLOC_SIZE(cpus);
        int count = sched_getaffinity(0, size, set) ? 0 : CPU_COUNT_S(size, set);
        CPU_FREE(set);
        if (count) return count;
    }
    return 1;
}

int gr_cpu_usable(void)
{
    int count = affinity_count();
    double quota = ceil(gr_cgroup_cores());
    if (quota < count) count = (int)quota;
    return count < 1 ? 1 : count;
}

const char *gr_cpu_simd(void)
{
#if defined __x86_64__ || defined __i386__
    if (__builtin_cpu_supports("avx512f")) return "avx512";
    if (__builtin_cpu_supports("avx2")) return "avx2";
    if (__builtin_cpu_supports("avx")) return "avx";
    return __builtin_cpu_supports("sse2") ? "sse2" : "none";
#elif defined __aarch64__
    return getauxval(AT_HWCAP) & 1ul << 22 ? "sve" : "neon"; // HWCAP_SVE
#else
    return gr_cpu_simd_built();
#endif
}

const char *gr_cpu_simd_built(void)
{
#if defined __AVX512F__
    return "avx512";
#elif defined __AVX2__
    return "avx2";
#elif defined __AVX__
    return "avx";
#elif defined __SSE2__
    return "sse2";
#elif defined __ARM_FEATURE_SVE
    return "sve";
#elif defined __ARM_NEON
    return "neon";
#else
    return "none";
#endif
}

// "24103416 kB" in bytes; 0 if it is not that.
static double kibibytes(const char *meminfo, const char *key)
{
    char value[64];
    return gr_proc_field(meminfo, key, value, sizeof value) ? 1024 * strtod(value, NULL) : 0;
}

static void read_memory(gr_cpu *cpu)
{
    char meminfo[8192];
    gr_proc_read("/proc/meminfo", meminfo, sizeof meminfo);
    cpu->memory = (uint64_t)fmin(kibibytes(meminfo, "MemTotal"), gr_cgroup_memory_limit());
    cpu->memory_available =
        (uint64_t)fmin(kibibytes(meminfo, "MemAvailable"), gr_cgroup_memory_left());
}

static void read_caches(gr_cpu *cpu, hwloc_topology_t topology)
{
    hwloc_obj_t pu = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PU, 0);
    for (hwloc_obj_t o = pu ? pu->parent : NULL; o && cpu->caches < GR_MAX_CACHES; o = o->parent) {
        if (!hwloc_obj_type_is_dcache(o->type) || !o->attr->cache.size) continue;
        cpu->cache[cpu->caches++] = (gr_cache){
            .level = (int)o->attr->cache.depth,
            .bytes = o->attr->cache.size,
            .shared_by = hwloc_bitmap_weight(o->cpuset),
            .count = hwloc_get_nbobjs_by_type(topology, o->type),
        };
    }
}

static void read_model(gr_cpu *cpu, hwloc_topology_t topology)
{
    hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
    if (!package) package = hwloc_get_root_obj(topology);
    const char *model = hwloc_obj_get_info_by_name(package, "CPUModel");
    if (model && *model) snprintf(cpu->model, sizeof cpu->model, "%s", model);
}

static void read_topology(gr_cpu *cpu)
{
    hwloc_topology_t topology;
    if (hwloc_topology_init(&topology)) return;
    // The whole machine, also where this process may not run.
    hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
    if (!hwloc_topology_load(topology)) {
        int cores = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE);
        int threads = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
        if (threads > 0) cpu->threads = threads;
        cpu->cores = cores > 0 ? cores : cpu->threads;
        read_caches(cpu, topology);
        read_model(cpu, topology);
    }
    hwloc_topology_destroy(topology);
}

void gr_cpu_bind(pid_t who, int k, int size)
{
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed) || CPU_COUNT(&allowed) != size) return;
    int cpu = 0;
    for (int seen = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &allowed) && seen++ == k) break;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(who, sizeof one, &one); // refused: then the system chooses
}

gr_cpu gr_cpu_of_machine(void)
{
    gr_cpu cpu = {.model = "unknown", .simd = gr_cpu_simd(), .usable = gr_cpu_usable()};
    cpu.cores = cpu.threads = cpu.usable;
    read_topology(&cpu);
    read_memory(&cpu);
    return cpu;
}
