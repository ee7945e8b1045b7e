/** Types that rules see. The compiler is the test: `deno check` fails where one is another. */
import type { ArgumentsOf, CallName, Choice, Data, Fault, ResultOf, SocketAddress } from "./mod.ts";
import { decodeArguments } from "./mod.ts";
import { madeUpCall } from "./fixtures.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

/** Compiles only if the types are the same. */
function same<A, B>(_proof: Equal<A, B>): void {}

Deno.test("arguments have the types of their kinds", () => {
  same<ArgumentsOf<"openat">["path"], string | Fault>(true);
  same<ArgumentsOf<"openat">["dirfd"], number>(true);
  same<ArgumentsOf<"openat">["mode"], number | undefined>(true);
  same<ArgumentsOf<"execve">["argv"], readonly string[] | Fault>(true);
  same<ArgumentsOf<"connect">["address"], SocketAddress | Fault>(true);
  same<ArgumentsOf<"accept4">["address"], SocketAddress | Fault | null>(true);
  same<ArgumentsOf<"read">["buffer"], Data | Fault>(true);
  same<ArgumentsOf<"mmap">["address"], bigint>(true);
  same<ArgumentsOf<"kill">["signal"], string>(true);
  same<ArgumentsOf<"lseek">["whence"]["value"], number>(true);
  same<ArgumentsOf<"sendfile">["offset_after"], readonly number[] | Fault | undefined>(true);
  same<ResultOf<"openat">, number>(true);
  same<ResultOf<"mmap">, bigint>(true);
  same<ResultOf<"sched_getscheduler"> extends Choice ? true : false, true>(true);
});

Deno.test("several calls have what they have in common", () => {
  same<ArgumentsOf<"open" | "openat">["path"], string | Fault>(true);
  same<ArgumentsOf<"open" | "openat" | "openat2" | "creat">["path"], string | Fault>(true);
  const isCreating = (args: ArgumentsOf<"open" | "openat">) => args.flags.has("O_CREAT");
  const call = madeUpCall("openat", { words: [0, 1, 64] });
  isCreating(decodeArguments<"openat">(call, "x86_64"));
});

Deno.test("names that are none are refused", () => {
  // @ts-expect-error: there is no such argument
  type NoArgument = ArgumentsOf<"openat">["filename"];
  // @ts-expect-error: there is no such call
  type NoCall = ArgumentsOf<"opennat">;
  // @ts-expect-error: there is no such flag
  const flag = (args: ArgumentsOf<"openat">) => args.flags.has("O_CREATE");
  same<"openat" extends CallName ? true : false, true>(true);
  void flag;
  same<NoArgument extends never ? true : false, false>(false as never);
  same<NoCall extends never ? true : false, false>(false as never);
});
