/**
 * Recording what a monitor learns, and replaying it. Not part of ../mod.ts, so that counting doesn't load it.
 *
 * @module
 */
export { RecordedFile, RecordingFile } from "./file.ts";
export { Fixture } from "./fixture.ts";
export { Recorder } from "./recorder.ts";
export { Replay } from "./replay.ts";
