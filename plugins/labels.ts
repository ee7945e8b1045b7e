/** Only containers that have a label. */
import { definePlugin, z } from "tallyman";

/** `team=web`, or `team` with any value. */
const label = z.string().regex(/^[^=]+(=.*)?$/s, "expected name or name=value");

export default definePlugin({
  name: "labels",
  title: "Only containers with these labels are shown, written, and looked at by rules",
  options: z.object({
    labels: z.array(label).min(1).describe("All of these: name=value, or name with any value."),
  }),
  filter: {
    container({ container, options }) {
      // Its engine has not said which labels it has.
      if (container.metadata === "pending") return "not yet";
      return options.labels.every((wanted) => {
        const [name = "", ...value] = wanted.split("=");
        if (!Object.hasOwn(container.labels, name)) return false;
        return value.length === 0 || container.labels[name] === value.join("=");
      });
    },
  },
});
