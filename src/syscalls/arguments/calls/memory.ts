/** Calls on memory: mmap(2), mprotect(2), madvise(2), NUMA policies, keys. */
import { call, type Row } from "../call.ts";
import { memoryFlags as flag } from "../kinds/flag_words.ts";
import { errorName } from "../errors.ts";
import { given, optional, word } from "../kinds/kind.ts";
import { arrayOf, boxed, pointerTo, scalar } from "../kinds/layout.ts";
import { string } from "../kinds/text.ts";
import { fd, hex, int, longHex, pid, pointer, size } from "../kinds/words.ts";

const { protection } = flag;
// linux/mman.h: of mremap(2), MREMAP_FIXED and MREMAP_DONTUNMAP take a new address.
const range = { address: pointer, length: size };

/** Where a page is, or the error for which it stayed. */
const node = word("node", {
  of: int.of,
  text: (value) => {
    const error = errorName(BigInt.asIntN(32, value));
    return error === undefined ? int.text(value, {}) : `-${error}`;
  },
});

export const memoryCalls = {
  brk: call({ address: pointer }, pointer),
  mmap: call({ ...range, protection, flags: flag.map, fd, offset: longHex }, pointer),
  munmap: call(range, int),
  mprotect: call({ ...range, protection }, int),
  pkey_mprotect: call({ ...range, protection, key: int }, int),
  pkey_alloc: call({ flags: hex, access: flag.keyAccess }, int),
  pkey_free: call({ key: int }, int),
  mremap: call(
    {
      ...range,
      newlength: size,
      flags: flag.remap,
      newaddress: given("flags", (word) => (word & 6n) !== 0n, pointer),
    },
    pointer,
  ),
  remap_file_pages: call(
    { ...range, protection, page_offset: longHex, flags: flag.map },
    int,
  ),
  msync: call({ ...range, flags: flag.msync }, int),
  mincore: call({ ...range, vector: pointer }, int),
  madvise: call({ ...range, advice: flag.madvise }, int),
  process_madvise: call(
    { pidfd: fd, ranges: pointer, count: size, advice: flag.madvise, flags: hex },
    size,
  ),
  mlock: call(range, int),
  mlock2: call({ ...range, flags: flag.lock }, int),
  munlock: call(range, int),
  mlockall: call({ flags: flag.lockAll }, int),
  munlockall: call({}, int),
  mseal: call({ ...range, flags: longHex }, int),
  map_shadow_stack: call({ ...range, flags: hex }, pointer),
  memfd_create: call({ name: string, flags: flag.memfd }, fd),
  mbind: call(
    {
      ...range,
      policy: flag.policy,
      nodes: pointer,
      nodes_length: size,
      flags: flag.bind,
    },
    int,
  ),
  set_mempolicy: call({ policy: flag.policy, nodes: pointer, nodes_length: size }, int),
  get_mempolicy: call(
    {
      policy: optional(pointerTo(boxed(scalar("i32", flag.policy)), { when: "exit" })),
      nodes: pointer,
      nodes_length: size,
      address: pointer,
      flags: flag.policyQuery,
    },
    int,
  ),
  set_mempolicy_home_node: call({ ...range, node: size, flags: longHex }, int),
  migrate_pages: call({ pid, nodes_length: size, from: pointer, to: pointer }, int),
  move_pages: call(
    {
      pid,
      count: size,
      pages: pointer,
      nodes: pointer,
      status: optional(arrayOf(scalar("i32", node), { when: "exit", count: "count" })),
      flags: flag.bind,
    },
    int,
  ),
} satisfies Readonly<Record<string, Row>>;
