#pragma once
#include "lib/status.h"
#include <jansson.h>
gr_status gr_env_capture(json_t **env);
