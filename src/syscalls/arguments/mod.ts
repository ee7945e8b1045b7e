/**
 * What system calls are called with: each argument's name and kind as data, and what is made of that: what
 * must be copied of a call's memory, typed values, lines as strace writes them, JSON.
 *
 * Not part of ../mod.ts, so that counting doesn't load it.
 *
 * @module
 */
export type { Abi, Architecture } from "../mod.ts";
export type { ArgumentsView } from "./compile.ts";
export { piecesOf } from "./compile.ts";
export {
  type ArgumentTest,
  type CapturedPiece,
  type Length,
  MOST_PIECES,
  type Piece,
  type PieceOf,
  type RawCall,
  type When,
} from "./contract.ts";
export {
  argument,
  argumentNames,
  type ArgumentsOf,
  decodeArguments,
  decodeResult,
  descriptorArguments,
  descriptorResult,
  hasArguments,
  hasDescriptors,
  outcomesOf,
  resultJson,
  type ResultOf,
  returnsNumber,
} from "./decode.ts";
export { errorName, errorNumber, errorText, isError, isRestart } from "./errors.ts";
export { formatArguments, formatCall, formatResult, type LineOptions } from "./format.ts";
export { groupCalls, type GroupName, groupNames } from "./groups.ts";
export { type ArgumentPredicate, argumentTests } from "./predicate.ts";
export { Choice, Flags } from "./kinds/flags.ts";
export { type Fault, type FormatOptions, isFault, type Json } from "./kinds/kind.ts";
export type { WaitStatus } from "./kinds/signals.ts";
export type { SocketAddress } from "./kinds/addresses.ts";
export type { Message } from "./kinds/sockets.ts";
export { Data } from "./kinds/text.ts";
export { AT_FDCWD } from "./kinds/words.ts";
export type { FileMode } from "./kinds/files.ts";
export { type RewriteTexts, withTexts } from "./rewrite.ts";
export type { CallName } from "./rows.ts";
