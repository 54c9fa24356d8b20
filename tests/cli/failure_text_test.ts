import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { exitCodeOf, Interruption } from "../../lib/cli/exit_code.ts";
import { failureText } from "../../lib/cli/failure_text.ts";
import { BrokerError, UsageError } from "../../lib/errors.ts";

const NAME = { name: "process" };

Deno.test({
  name: "an error is described in one line with all its causes",
  permissions: "none",
  fn() {
    const refused = new TypeError("connection refused");
    const error = new BrokerError('Cannot read topic "trains": no answer', {
      cause: new Error("socket closed", { cause: refused }),
    });
    assertEquals(
      failureText(error, NAME),
      'process: Cannot read topic "trains": no answer; because socket closed; because connection refused\n',
    );
  },
});

Deno.test({
  name:
    "a cause that its wrapper repeats is shown once, a ring of causes ends, and the first of many errors stands for all",
  permissions: "none",
  fn() {
    const ring = new Error("round");
    ring.cause = new Error("and round", { cause: ring });
    assertEquals(failureText(ring, NAME), "process: round; because and round\n");
    const wrapped = new Error("Cannot go: disk full", { cause: new Error("disk full") });
    assertEquals(failureText(wrapped, NAME), "process: Cannot go: disk full\n");
    const many = new AggregateError([new Error("first"), new Error("second")], "all brokers failed");
    assertEquals(failureText(many, NAME), "process: all brokers failed; because first\n");
  },
});

Deno.test({
  name: "what is no error, or has no message, is reported too",
  permissions: "none",
  fn() {
    assertEquals(failureText("text", NAME), "process: threw text\n");
    assertEquals(failureText(undefined, NAME), "process: threw undefined\n");
    assertEquals(failureText(new RangeError(), NAME), "process: RangeError\n");
  },
});

Deno.test({
  name: "an error message from outside cannot move the cursor or begin a line of its own",
  permissions: "none",
  fn() {
    const text = failureText(new Error("bad\r\n\x1b[2Jprocess: all is well\u2028\u202e"), NAME);
    assertEquals(text, "process: bad\\u000d \\u001b[2Jprocess: all is well\\u2028\\u202e\n");
  },
});

Deno.test({
  name: "each wrong setting has a line of its own and the last line shows the way to --help",
  permissions: "none",
  fn: () =>
    assertEquals(
      failureText(new UsageError(["first", "second"]), NAME),
      "process: first\nprocess: second\nprocess: see --help for all flags and variables\n",
    ),
});

Deno.test({
  name: "stacks are shown only when asked for, those of the causes too",
  permissions: "none",
  fn() {
    const error = new Error("outer", { cause: new TypeError("inner") });
    assertFalse(failureText(error, NAME).includes("failure_text_test.ts"));
    const text = failureText(error, { ...NAME, stack: true });
    assertMatch(text, /^process: outer; because inner\nError: outer\n {4}at .*failure_text_test\.ts/);
    assertStringIncludes(text, "TypeError: inner\n");
  },
});

/** What is tried without the right to it, and what the message says to add. */
const RIGHTS: readonly [name: string, attempt: () => unknown, says: RegExp][] = [
  [
    "read a file",
    () => Deno.readTextFileSync("/x"),
    /Cannot read "\/x": .* expected --allow-read=\/x on the command/,
  ],
  ["read a file with a blank", () => Deno.readTextFileSync("/x y"), /expected '--allow-read=\/x y' on/],
  ["write a file", () => Deno.writeTextFileSync("/x", ""), /Cannot write "\/x": .* --allow-write=\/x /],
  ["read a variable", () => Deno.env.get("A"), /Cannot read the variable "A": .* --allow-env=A /],
  ["read all variables", () => Deno.env.toObject(), /Cannot read the variable "anything": .* --allow-env on/],
  [
    "ask for the host name",
    () => Deno.hostname(),
    /Cannot ask the system for "hostname": .* --allow-sys=hostname /,
  ],
  ["listen", () => Deno.listen({ hostname: "127.0.0.1", port: 9 }), /connect to .* --allow-net=127.0.0.1:9 /],
  ["load a library", () => Deno.dlopen("/x.so", {}), /Cannot load "\/x.so": .* --allow-ffi=\/x.so /],
];

for (const [name, attempt, says] of RIGHTS) {
  Deno.test({
    name: `without the right to ${name} the message says which flag to add`,
    permissions: "none",
    fn() {
      let denied: unknown;
      try {
        attempt();
      } catch (error) {
        denied = error;
      }
      assert(denied instanceof Deno.errors.NotCapable);
      assertMatch(failureText(new Error("Cannot start", { cause: denied }), NAME), says);
    },
  });
}

Deno.test({
  name: "exit codes distinguish a wrong command from a failure, and an interruption wins over what it caused",
  permissions: "none",
  fn() {
    const quiet = new AbortController().signal;
    assertEquals(exitCodeOf(new UsageError(["x"]), quiet), 2);
    assertEquals(exitCodeOf(new Error("x"), quiet), 1);
    assertEquals(exitCodeOf(new Error("x"), AbortSignal.abort(new Interruption("SIGINT"))), 130);
    assertEquals(exitCodeOf(new UsageError(["x"]), AbortSignal.abort(new Interruption("SIGTERM"))), 143);
  },
});
