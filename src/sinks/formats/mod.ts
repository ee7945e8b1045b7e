/**
 * Alerts in the formats of others. Loaded only where one is asked for.
 *
 * @module
 */
export { ecsAlert } from "./ecs.ts";
export { falcoAlert } from "./falco.ts";
