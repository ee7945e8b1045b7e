/**
 * Following what calls do. Not part of ../mod.ts, so that a table without it doesn't load the arguments of all
 * calls.
 *
 * @module
 */
export { closingCalls, follow, isFollowed } from "./follow.ts";
