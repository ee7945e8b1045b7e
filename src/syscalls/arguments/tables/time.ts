/**
 * Constants of system calls' arguments.
 * Made by ../generate.ts: don't change it by hand.
 *
 * @module
 */
/** Clocks: <linux/time.h> */
export const clock = {
  CLOCK_REALTIME: 0,
  CLOCK_MONOTONIC: 1,
  CLOCK_PROCESS_CPUTIME_ID: 2,
  CLOCK_THREAD_CPUTIME_ID: 3,
  CLOCK_MONOTONIC_RAW: 4,
  CLOCK_REALTIME_COARSE: 5,
  CLOCK_MONOTONIC_COARSE: 6,
  CLOCK_BOOTTIME: 7,
  CLOCK_REALTIME_ALARM: 8,
  CLOCK_BOOTTIME_ALARM: 9,
  CLOCK_TAI: 11,
  CLOCK_AUX: 16,
  CLOCK_AUX_LAST: 23,
} as const;

/** Timers of setitimer(2): <linux/time.h> */
export const interval = {
  ITIMER_REAL: 0,
  ITIMER_VIRTUAL: 1,
  ITIMER_PROF: 2,
} as const;

/** Flags of clock_nanosleep(2), timer_settime(2): <linux/time.h> */
export const timerFlags = {
  TIMER_ABSTIME: 1,
} as const;

/** timex.modes: <linux/timex.h> */
export const adjust = {
  ADJ_OFFSET: 1,
  ADJ_FREQUENCY: 2,
  ADJ_MAXERROR: 4,
  ADJ_ESTERROR: 8,
  ADJ_STATUS: 0x10,
  ADJ_TIMECONST: 0x20,
  ADJ_TAI: 0x80,
  ADJ_SETOFFSET: 0x100,
  ADJ_MICRO: 0x1000,
  ADJ_NANO: 0x2000,
  ADJ_TICK: 0x4000,
} as const;

/** timex.status: <linux/timex.h> */
export const clockStatus = {
  STA_PLL: 1,
  STA_PPSFREQ: 2,
  STA_PPSTIME: 4,
  STA_FLL: 8,
  STA_INS: 0x10,
  STA_DEL: 0x20,
  STA_UNSYNC: 0x40,
  STA_FREQHOLD: 0x80,
  STA_PPSSIGNAL: 0x100,
  STA_PPSJITTER: 0x200,
  STA_PPSWANDER: 0x400,
  STA_PPSERROR: 0x800,
  STA_CLOCKERR: 0x1000,
  STA_NANO: 0x2000,
  STA_MODE: 0x4000,
  STA_CLK: 0x8000,
} as const;

/** Results of adjtimex(2): <linux/timex.h> */
export const clockState = {
  TIME_OK: 0,
  TIME_INS: 1,
  TIME_DEL: 2,
  TIME_OOP: 3,
  TIME_WAIT: 4,
  TIME_ERROR: 5,
} as const;
