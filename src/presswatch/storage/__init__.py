"""Where data lie: a folder, or a bucket that a folder mirrors. Locks, stages, and commits that are seen all at once."""

from presswatch.storage.folder import (
    JOURNAL,
    OPEN_SUFFIX,
    DataDir,
    check_folder,
    check_new,
    disk_error,
    replace_file,
    sync,
    sync_folder,
    write_atomically,
    write_new,
)

__all__ = [
    "JOURNAL",
    "OPEN_SUFFIX",
    "DataDir",
    "check_folder",
    "check_new",
    "disk_error",
    "replace_file",
    "sync",
    "sync_folder",
    "write_atomically",
    "write_new",
]
