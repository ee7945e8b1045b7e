/**
 * Kinds of times. 32-bit code's own structs have half as wide fields; its calls that end in 64 or time64 have
 * these.
 */
import { adjust, clock as clocks, clockStatus } from "../tables/time.ts";
import { choice, flags } from "./flags.ts";
import { pointerTo, scalar, several, struct } from "./layout.ts";
import { i64, int, pointer } from "./words.ts";

/** struct __kernel_timespec */
const timespecLayout = struct(16, {
  tv_sec: [0, scalar("i64", i64)],
  tv_nsec: [8, scalar("i64", i64)],
});
/** linux/stat.h: UTIME_NOW and UTIME_OMIT, in place of nanoseconds. */
const SPECIAL: Readonly<Record<number, string>> = {
  0x3fffffff: "UTIME_NOW",
  0x3ffffffe: "UTIME_OMIT",
};

/** A time that may be "now" or "as it is", which a line says in its place. */
const fileTime: typeof timespecLayout = {
  ...timespecLayout,
  text: (view, at, options) =>
    SPECIAL[timespecLayout.read(view, at).tv_nsec] ?? timespecLayout.text(view, at, options),
};

/** struct __kernel_old_timeval */
export const timevalLayout = struct(16, {
  tv_sec: [0, scalar("i64", i64)],
  tv_usec: [8, scalar("i64", i64)],
});

/** A word of 32-bit code. */
const s32 = scalar("i32", int);
/** struct old_timespec32 */
const oldTimespec = pointerTo(
  struct(8, { tv_sec: [0, s32], tv_nsec: [4, s32] }),
  { name: "timespec" },
);
/** struct old_timeval32 */
const oldTimeval = pointerTo(
  struct(8, { tv_sec: [0, s32], tv_usec: [4, s32] }),
  { name: "timeval" },
);

/** A time or a span in nanoseconds. */
export const timespec = pointerTo(timespecLayout, { name: "timespec", compat: oldTimespec });
/** A time or a span in microseconds. */
export const timeval = pointerTo(timevalLayout, { name: "timeval", compat: oldTimeval });
/** utimensat(2)'s access and modification times. */
export const timespecs = pointerTo(several(2, fileTime), {
  name: "timespecs",
  compat: pointer,
});
/** utimes(2)'s access and modification times. */
export const timevals = pointerTo(several(2, timevalLayout), {
  name: "timevals",
  compat: pointer,
});

/** struct __kernel_itimerspec */
export const itimerspec = pointerTo(
  struct(32, { it_interval: [0, timespecLayout], it_value: [16, timespecLayout] }),
  { name: "itimerspec", compat: pointer },
);
/** struct __kernel_old_itimerval */
export const itimerval = pointerTo(
  struct(32, { it_interval: [0, timevalLayout], it_value: [16, timevalLayout] }),
  { name: "itimerval", compat: pointer },
);

/** struct timezone */
export const timezone = pointerTo(
  struct(8, {
    tz_minuteswest: [0, scalar("i32", int)],
    tz_dsttime: [4, scalar("i32", int)],
  }),
  { name: "timezone" },
);

/** struct utimbuf */
export const utimbuf = pointerTo(
  struct(16, { actime: [0, scalar("i64", i64)], modtime: [8, scalar("i64", i64)] }),
  { name: "utimbuf", compat: pointer },
);

/** struct __kernel_timex */
export const timex = pointerTo(
  struct(208, {
    modes: [0, scalar("u32", flags(adjust))],
    offset: [8, scalar("i64", i64)],
    freq: [16, scalar("i64", i64)],
    maxerror: [24, scalar("i64", i64)],
    esterror: [32, scalar("i64", i64)],
    status: [40, scalar("i32", flags(clockStatus))],
    constant: [48, scalar("i64", i64)],
    precision: [56, scalar("i64", i64)],
    tolerance: [64, scalar("i64", i64)],
    time: [72, timevalLayout],
    tick: [88, scalar("i64", i64)],
    ppsfreq: [96, scalar("i64", i64)],
    jitter: [104, scalar("i64", i64)],
    shift: [112, scalar("i32", int)],
    stabil: [120, scalar("i64", i64)],
    jitcnt: [128, scalar("i64", i64)],
    calcnt: [136, scalar("i64", i64)],
    errcnt: [144, scalar("i64", i64)],
    stbcnt: [152, scalar("i64", i64)],
    tai: [160, scalar("i32", int)],
  }),
  { name: "timex", compat: pointer },
);

/** struct tms */
export const tms = pointerTo(
  struct(32, {
    tms_utime: [0, scalar("i64", i64)],
    tms_stime: [8, scalar("i64", i64)],
    tms_cutime: [16, scalar("i64", i64)],
    tms_cstime: [24, scalar("i64", i64)],
  }),
  { name: "tms", compat: pointer },
);

/** Which clock; negative ones are a process's or a device's. */
export const clock = choice(clocks);
