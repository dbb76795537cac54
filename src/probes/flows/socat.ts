/** The errors that socat prints, each as its words alone: date, process and numbers differ from run to run. */
export function errorsIn(stderr: string): readonly string[] {
  return stderr
    .split('\n')
    .filter((line) => / [EF] /.test(line))
    .map(withoutPlace);
}

/** `2026/11/29 09:00:19 socat[64] E write(6, 0x55a808, 28): Operation not permitted`: the words alone are the same each time. */
function withoutPlace(line: string): string {
  return line
    .replace(/^\S+ \S+ (socat)\[\d+\] [EF] (\w+)\(.*\): /, '$1: $2: ')
    .replace(/^\S+ \S+ (socat)\[\d+\] [EF] /, '$1: ');
}
