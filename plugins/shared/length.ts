/** A length of time as a configuration writes it, in milliseconds. */
import { millisecondsOf, z } from "tallyman";

/** `10s`, `5m`, `1h`. */
export const length = z.string().transform((text, { addIssue }) => {
  try {
    return millisecondsOf(text);
  } catch {
    addIssue({ code: "custom", message: "expected a length of time: 10s, 5m, 1h" });
    return z.NEVER;
  }
});
