/** Calls on signals: kill(2), sigaction(2), sigprocmask(2), … */
import { call, type Row } from "../call.ts";
import { processFlags, signalFlags } from "../kinds/flag_words.ts";
import { optional, out } from "../kinds/kind.ts";
import { siginfo } from "../kinds/siginfo.ts";
import { alternateStack, sigaction, signal, signalSet } from "../kinds/signals.ts";
import { timespec } from "../kinds/time.ts";
import { fd, int, pid, size } from "../kinds/words.ts";

export const signalCalls = {
  kill: call({ pid, signal }, int),
  tkill: call({ pid, signal }, int),
  tgkill: call({ tgid: pid, pid, signal }, int),
  pidfd_send_signal: call(
    { pidfd: fd, signal, info: optional(siginfo), flags: processFlags.pidfdSignal },
    int,
  ),
  rt_sigqueueinfo: call({ pid, signal, info: siginfo }, int),
  rt_tgsigqueueinfo: call({ tgid: pid, pid, signal, info: siginfo }, int),
  rt_sigaction: call(
    { signal, action: optional(sigaction), old: optional(out(sigaction)), mask_size: size },
    int,
  ),
  rt_sigprocmask: call(
    {
      how: signalFlags.how,
      mask: optional(signalSet),
      old: optional(out(signalSet)),
      mask_size: size,
    },
    int,
  ),
  rt_sigpending: call({ mask: out(signalSet), mask_size: size }, int),
  rt_sigsuspend: call({ mask: signalSet, mask_size: size }, int),
  rt_sigtimedwait: call(
    {
      mask: signalSet,
      info: optional(out(siginfo)),
      timeout: optional(timespec),
      mask_size: size,
    },
    signal,
  ),
  rt_sigreturn: call({}, int),
  sigaltstack: call(
    { stack: optional(alternateStack), old: optional(out(alternateStack)) },
    int,
  ),
  pause: call({}, int),
} satisfies Readonly<Record<string, Row>>;
