/**
 * What getdents(2) tells: the entries of a directory, each as long as its name.
 */
import { decodeText } from "../../../text/mod.ts";
import type { CapturedPiece } from "../contract.ts";
import { directoryEntry } from "../tables/file.ts";
import { choice } from "./flags.ts";
import { type Fault, type Kind, memory } from "./kind.ts";
import { viewOf } from "./layout.ts";
import { beforeNul, bufferMemory, quote } from "./text.ts";
import { i64, pointer, size } from "./words.ts";

/** One entry. */
export interface DirectoryEntry {
  readonly d_ino: number;
  /** `DT_DIR`, `DT_REG`, … */
  readonly d_type: string;
  readonly d_name: string;
}

/** Where the parts of an entry are: the name is behind them, or a type behind the name. */
interface EntryLayout {
  readonly name: number;
  /** Counted from the entry's end if it is negative. */
  readonly type: number;
}

/** struct linux_dirent64: include/linux/dirent.h */
const entry64: EntryLayout = { name: 19, type: 18 };
/** struct linux_dirent: fs/readdir.c */
const entry: EntryLayout = { name: 18, type: -1 };

const types = choice(directoryEntry);

/** How much of a listing is copied. */
const MOST_BYTES = 1024;

interface Place {
  readonly at: number;
  readonly end: number;
}

/** Where the entries are that were copied as a whole. */
function placesOf(piece: CapturedPiece, { name }: EntryLayout): Place[] {
  const view = viewOf(piece);
  const places: Place[] = [];
  for (let at = 0; at + name < view.byteLength;) {
    const end = at + view.getUint16(at + 16, true);
    if (end <= at + name || end > view.byteLength) break;
    places.push({ at, end });
    at = end;
  }
  return places;
}

function entriesKind(layout: EntryLayout): Kind<readonly DirectoryEntry[] | Fault> {
  const parts = (piece: CapturedPiece) => {
    const view = viewOf(piece);
    return placesOf(piece, layout).map(({ at, end }) => ({
      inode: view.getBigUint64(at, true),
      offset: view.getBigInt64(at + 8, true),
      length: end - at,
      type: BigInt(view.getUint8(layout.type < 0 ? end + layout.type : at + layout.type)),
      name: beforeNul(
        piece.bytes.subarray(at + layout.name, layout.type < 0 ? end + layout.type : end),
      ),
    }));
  };
  const entries = (piece: CapturedPiece) =>
    parts(piece).map(({ inode, type, name }) => ({
      d_ino: size.of(inode),
      d_type: types.text(type, {}),
      d_name: decodeText(name),
    }));
  return memory("directoryEntries", bufferMemory({ max: MOST_BYTES }), {
    decode: entries,
    text: (piece) => {
      const all = parts(piece).map(({ inode, offset, length, type, name }) => {
        const [d_type, d_name] = [`d_type=${types.text(type, {})}`, `d_name=${quote(name)}`];
        const last = layout.type < 0 ? [d_name, d_type] : [d_type, d_name];
        return `{d_ino=${inode}, d_off=${
          i64.text(BigInt.asUintN(64, offset), {})
        }, d_reclen=${length}, ${last.join(", ")}}`;
      });
      return `[${[...all, ...(piece.truncated ? ["..."] : [])].join(", ")}]`;
    },
    json: entries,
  });
}

/** Of getdents64(2), as far as 1,024 bytes of it go. */
export const directoryEntries64: Kind<readonly DirectoryEntry[] | Fault> = entriesKind(entry64);
/** Of getdents(2), likewise. */
export const directoryEntries: Kind<readonly DirectoryEntry[] | Fault> = {
  ...entriesKind(entry),
  on: ({ abi }) => abi === "compat" ? pointer : undefined,
};
