import { deepStrictEqual } from "node:assert/strict";
import { compilerErrors } from "./compiler.ts";

Deno.test("compiler: the place is first, and each error is by itself", () => {
  const text = `TS2339 [ERROR]: Property 'pth' does not exist.
    const { pth } = event.args;
            ~~~
    at file:///srv/a%20b/rule.ts:6:13

TS2322 [ERROR]: Type 'string' is not assignable to type 'number'.
  Because it is text.
  x
  ~
    at file:///srv/rule.ts:7:1

    The expected type comes from here
        at file:///srv/other.ts:1:1

Found 2 errors.

error: Type checking failed.
`;
  deepStrictEqual(compilerErrors(text), [
    "/srv/a b/rule.ts:6:13: TS2339: Property 'pth' does not exist.\n" +
    "    const { pth } = event.args;\n            ~~~",
    "/srv/rule.ts:7:1: TS2322: Type 'string' is not assignable to type 'number'.\n" +
    "  Because it is text.\n  x\n  ~\n\n    The expected type comes from here\n" +
    "        at file:///srv/other.ts:1:1",
  ]);
});

Deno.test("compiler: what is no type error, and what has no place", () => {
  deepStrictEqual(
    compilerErrors(
      "error: SyntaxError: Expression expected\n  |\n1 | x = ;\n  |     ~\n" +
        "    at file:///srv/rule.ts:1:5\n",
    ),
    ["/srv/rule.ts:1:5: SyntaxError: Expression expected\n  |\n1 | x = ;\n  |     ~"],
  );
  deepStrictEqual(compilerErrors("error: out of paper\n"), ["out of paper"]);
  deepStrictEqual(compilerErrors(""), []);
});
