/** The same alert again, within a while, is counted instead of told. */
import { definePlugin, z } from "tallyman";
import { Counter } from "./shared/counter.ts";
import { length } from "./shared/length.ts";

export default definePlugin({
  name: "dedupe",
  title: "Alerts with the same rule, container and message become one, with a count",
  options: z.object({
    per: length.prefault("1m").describe("For how long an alert stands for those like it."),
  }),
  state: ({ per }) => new Counter(per),
  alert({ alert, state, hold }) {
    const { rule, container, message, time } = alert;
    const key = JSON.stringify([rule, container?.runtime, container?.id, message]);
    if (state.add(key, time) > 1) hold(message);
  },
});
