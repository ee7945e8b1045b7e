import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./metadata_service.ts";

const connect = (address: string, exe = "/usr/bin/curl") =>
  event("connect", { address }, { process: { exe }, error: "EINPROGRESS" });

Deno.test("metadata-service: of IPv4, IPv6, and one in the other", () => {
  const inputs = [
    connect("169.254.169.254:80"),
    connect("[fd00:ec2::254]:80"),
    connect("[::ffff:169.254.169.254]:80"),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "curl connected to 169.254.169.254, port 80",
    "curl connected to fd00:ec2::254, port 80",
    "curl connected to 169.254.169.254, port 80",
  ]);
});

Deno.test("metadata-service: not others, not who may", () => {
  const inputs = [
    connect("169.254.169.253:80"),
    connect("10.0.0.7:80"),
    connect("169.254.169.254:80", "/usr/bin/cloud-init"),
    connect("/run/x.sock"),
    event("connect", { address: fault() }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
