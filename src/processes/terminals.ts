/**
 * Terminals by the numbers of their devices, named as ps names them.
 *
 * @module
 */

/** Devices that are numbered on from a first one. */
interface Terminals {
  readonly major: number;
  /** The first minor and the last. */
  readonly minors: readonly [first: number, last: number];
  readonly name: (index: number) => string;
}

const numbered = (prefix: string) => (index: number) => `${prefix}${index}`;

/** UNIX98_PTY_SLAVE_MAJOR: the first of eight majors of 256 minors, and today the only one, of 2^20. */
const PTY = 136;
const PTY_MAJORS = 8;

/** Documentation/admin-guide/devices.txt */
const terminals: readonly Terminals[] = [
  { major: 4, minors: [0, 63], name: numbered("tty") },
  { major: 4, minors: [64, 255], name: numbered("ttyS") },
  { major: 5, minors: [0, 0], name: () => "tty" },
  { major: 5, minors: [1, 1], name: () => "console" },
  { major: 5, minors: [2, 2], name: () => "ptmx" },
  ...Array.from({ length: PTY_MAJORS }, (_, i): Terminals => ({
    major: PTY + i,
    minors: [0, 2 ** 20 - 1],
    name: (index) => `pts/${256 * i + index}`,
  })),
  { major: 166, minors: [0, 255], name: numbered("ttyACM") },
  { major: 188, minors: [0, 255], name: numbered("ttyUSB") },
  { major: 204, minors: [64, 79], name: numbered("ttyAMA") },
  { major: 229, minors: [0, 255], name: numbered("hvc") },
];

/**
 * A terminal's name.
 *
 * @param device As proc_pid_stat(5) has tty_nr: minor in bits 31 to 20 and 7 to 0, major in bits 15 to 8.
 * @returns undefined of 0: no terminal.
 */
export function terminalName(device: number): string | undefined {
  if (device === 0) return undefined;
  const major = (device >>> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  const known = terminals.find((each) =>
    each.major === major && minor >= each.minors[0] && minor <= each.minors[1]
  );
  return known === undefined ? `${major}:${minor}` : known.name(minor - known.minors[0]);
}
