#pragma once
#include "lib/status.h"
#include <jansson.h>
gr_status gr_env_capture(const char *compiler, const char *flags, json_t **env);
