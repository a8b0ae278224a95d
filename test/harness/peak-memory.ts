// The most memory this process ever held.
import { existsSync, readFileSync } from 'node:fs';

/** In bytes. On Linux `resourceUsage` starts with what the parent held when it made this process, so the process's own figure is read. */
export function peakMemoryBytes(): number {
  const own = existsSync('/proc/self/status') ? /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] : undefined;
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) * 1024;
}
