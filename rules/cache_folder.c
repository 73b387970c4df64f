/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/cache_folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/must.h"

bool
cache_folder_serves(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	bool ours;

	if (fd < 0)
		return false;
	ours = fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	       (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
	close(fd);
	return ours;
}

static bool
is_ours(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_uid == geteuid();
}

/* The folder above; false at the top. */
static bool
go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL || slash == path)
		return false;
	*slash = '\0';
	return true;
}

bool
cache_folder_make(const char *path)
{
	char *above = strdup(path), *over = NULL;
	bool made = false;

	REQUIRE(above != NULL);
	if (go_up(above)) {
		over = strdup(above);
		REQUIRE(over != NULL);
		/* never in a folder of somebody else: with sudo, say, HOME may
		 * still be the caller's */
		if (go_up(over) && is_ours(over))
			(void)mkdir(above, 0700);
		if (is_ours(above))
			(void)mkdir(path, 0700);
		made = cache_folder_serves(path);
	}
	free(above);
	free(over);
	return made;
}
