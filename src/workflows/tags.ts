import { tagsAfter, tagsAt } from '../probes/tags.js';

/**
 * Where a process begins: NAT remembers the tags of a process that ran a minute ago, and chance would meet them, so that the
 * second counts; of two that begin in one second the process id tells apart.
 */
export function beginning(seconds: number, pid: number): number {
  return tagsAt(Math.floor(seconds) + pid);
}

let lastTag = beginning(Date.now() / 1000, process.pid);

/**
 * First tag of a new look. Tags never repeat within a process until all have been used: NAT remembers those of the last
 * minutes. Another process on the same host may come to the same ones: then the look itself takes others.
 */
export function nextTag(): number {
  lastTag = tagsAfter(lastTag);
  return lastTag;
}
