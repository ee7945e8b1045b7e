/**
 * Plugins under test. Not part of ../mod.ts: it takes all of what loads them.
 *
 * @module
 */
export { type AlertFacts, type CountFacts, PluginTrial, type ToldAlert } from "./trial.ts";
