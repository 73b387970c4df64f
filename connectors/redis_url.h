/*
 * Where a Redis is: redis://[[user]:[password]@]host[:port][/db], or
 * unix://[[user]:[password]@]/path/of.sock[?db=n].
 *
 * User and password may hold %xx.  rediss:// is refused with the way out.
 * Thread: start only.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_URL_H
#define CONNECTORS_REDIS_URL_H

#include "engine/base/err.h"

struct redis_url {
	char user[128], password[512]; /* "" when not given */
	char host[256], path[108];     /* one of them is "" */
	int port, db;
	char name[64]; /* "redis 127.0.0.1:6379", no secret in it */
};

/** redis_url_parse(text, url, err): 0, or what is wrong with it. */
int redis_url_parse(const char *text, struct redis_url *url, struct err *err);

#endif
