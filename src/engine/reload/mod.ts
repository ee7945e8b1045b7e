/**
 * Rules and configurations that are edited while they run. Loaded with `--watch` only.
 *
 * @module
 */
export { Reload, type ReloadEvents } from "./reload.ts";
