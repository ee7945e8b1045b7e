/**
 * Records to a unix or TCP socket, a line each.
 *
 * What is in the kernel's buffers when the other side goes away is lost, and nobody can say what it was: a stream
 * has no receipts.
 */
import { definePlugin, z } from "tallyman";
import { address, Connection } from "./shared/connection.ts";

export default definePlugin({
  name: "socket",
  title: "Records go to a unix or TCP socket, one JSON object a line",
  options: z.object({ url: address().describe("Where to: `unix:/PATH`, `tcp://HOST:PORT`.") }),
  sink({ url }) {
    const connection = new Connection(url);
    return {
      name: url.name,
      // After a connection broke, a batch is written again from its first line on.
      batchBytes: 1 << 16,
      writeBatch: ({ bytes }) => connection.write(bytes),
      close: () => connection.close(),
    };
  },
});
