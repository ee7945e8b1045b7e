import { deepStrictEqual } from "node:assert/strict";
import { endpointOf, isPublic } from "./addresses.ts";

Deno.test("addresses: whose they are", () => {
  const own = ["10.0.0.1", "172.16.0.1", "172.31.9.9", "100.64.0.1", "192.168.0.1", "127.0.0.1"];
  const ours = [
    "0.0.0.0",
    "169.254.1.1",
    "224.0.0.1",
    "::",
    "::1",
    "fd00::1",
    "fe80::1",
    "ff02::1",
  ];
  const others = [
    "8.8.8.8",
    "172.32.0.1",
    "100.128.0.1",
    "203.0.113.7",
    "2001:db8::1",
    "fc::1",
    "1.10.0.1",
  ];
  deepStrictEqual([...own, ...ours].filter(isPublic), []);
  deepStrictEqual(others.filter(isPublic), others);
});

Deno.test("addresses: of the internet, IPv4 in IPv6 as IPv4", () => {
  const of = (address: string) => endpointOf({ family: "AF_INET6", text: "", address, port: 80 });
  deepStrictEqual(of("::ffff:10.0.0.1"), { address: "10.0.0.1", port: 80 });
  deepStrictEqual(of("::1"), { address: "::1", port: 80 });
  deepStrictEqual(endpointOf({ family: "AF_UNIX", text: "/x", path: "/x" }), undefined);
  deepStrictEqual(endpointOf(null), undefined);
});
