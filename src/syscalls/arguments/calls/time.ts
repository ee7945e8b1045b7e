/** Calls on clocks and timers: clock_gettime(2), nanosleep(2), timer_create(2), … */
import { call, type Row } from "../call.ts";
import { timeFlags as flag } from "../kinds/flag_words.ts";
import { left, optional, out } from "../kinds/kind.ts";
import { longOut, uintOut } from "../kinds/processes.ts";
import { sigevent } from "../kinds/signals.ts";
import * as time from "../kinds/time.ts";
import { int, long, uint } from "../kinds/words.ts";

const { clock, itimerspec, itimerval, timespec, timeval, timezone } = time;
const timer = int;
/** Only written when a signal has interrupted the sleep. */
const rest = optional(left(timespec));

export const timeCalls = {
  time: call({ time: optional(longOut) }, long),
  gettimeofday: call({ time: optional(out(timeval)), zone: optional(out(timezone)) }, int),
  settimeofday: call({ time: optional(timeval), zone: optional(timezone) }, int),
  adjtimex: call({ timex: out(time.timex) }, flag.state),
  clock_adjtime: call({ clock, timex: out(time.timex) }, flag.state),
  clock_gettime: call({ clock, time: out(timespec) }, int),
  clock_settime: call({ clock, time: timespec }, int),
  clock_getres: call({ clock, resolution: optional(out(timespec)) }, int),
  clock_nanosleep: call({ clock, flags: flag.timer, time: timespec, left: rest }, int),
  nanosleep: call({ time: timespec, left: rest }, int),
  alarm: call({ seconds: uint }, uint),
  getitimer: call({ which: flag.interval, value: out(itimerval) }, int),
  setitimer: call(
    { which: flag.interval, value: optional(itimerval), old: optional(out(itimerval)) },
    int,
  ),
  timer_create: call({ clock, event: optional(sigevent), timer: uintOut }, int),
  timer_settime: call(
    { timer, flags: flag.timer, value: itimerspec, old: optional(out(itimerspec)) },
    int,
  ),
  timer_gettime: call({ timer, value: out(itimerspec) }, int),
  timer_getoverrun: call({ timer }, int),
  timer_delete: call({ timer }, int),
  times: call({ times: optional(out(time.tms)) }, long),
} satisfies Readonly<Record<string, Row>>;
