import { existsSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

// Beside the files of two marketplaces, which are some hundred megabytes.
const leastFreeBytes = 2 * 1024 ** 3;
const inMemory = "/dev/shm";

/**
 * Where a test's processes write: in memory where there is room. They wait for the disk thousands of times; what a process wrote
 * outlives its `kill -9` in either place.
 */
export const temporary = hasRoom() ? inMemory : tmpdir();

function hasRoom(): boolean {
  if (!existsSync(inMemory)) return false;
  const { bavail, bsize } = statfsSync(inMemory);
  return bavail * bsize >= leastFreeBytes;
}
