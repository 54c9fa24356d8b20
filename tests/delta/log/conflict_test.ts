import { assertEquals } from "@std/assert";
import type { Actions } from "../../../lib/delta/actions/actions.ts";
import { type Attempt, type Conflict, findConflict, type Reads } from "../../../lib/delta/log/conflict.ts";
import { replay } from "../../../lib/delta/log/snapshot.ts";
import { fakeAdd, firstActions, someActions } from "../test_context.ts";

const red = fakeAdd("color=red/1", { partitionValues: { color: "red" } });
const blue = fakeAdd("color=blue/1", { partitionValues: { color: "blue" } });
const newRed = fakeAdd("color=red/2", { partitionValues: { color: "red" } });
const movedRed = { ...newRed, dataChange: false };
const first = firstActions({ id: "long", color: "string" }, ["color"]);
const readSnapshot = replay(undefined, [{ version: 0, actions: { ...first, adds: [red, blue] } }]);
const readsRed: Reads = { matches: ({ color }) => color === "red" };

const append: Attempt = {
  appIds: new Set(["mine"]),
  removes: [],
  reads: "none",
  readSnapshot,
  isolationLevel: "WriteSerializable",
};
const mergeRed: Attempt = { ...append, removes: [red], reads: readsRed };
const strictMergeRed: Attempt = { ...mergeRed, isolationLevel: "Serializable" };
const compaction: Attempt = { ...mergeRed, isolationLevel: "SnapshotIsolation" };

const blindAppendRed = someActions({ adds: [newRed], commitInfo: { isBlindAppend: true } });
const otherAppendRed = someActions({ adds: [newRed], commitInfo: { isBlindAppend: false } });
const silentAppendRed = someActions({ adds: [newRed] });
const removeRed = someActions({ removes: [{ path: red.path, dataChange: true }] });
const removeBlue = someActions({ removes: [{ path: blue.path, dataChange: true }] });
const removeUnknown = someActions({ removes: [{ path: "color=red/unknown", dataChange: true }] });
const compactRed = someActions({ adds: [movedRed], removes: [{ path: red.path, dataChange: false }] });
const compactOther = someActions({ adds: [movedRed] });
const myTxn = someActions({ txns: [{ appId: "mine", version: 1n }] });
const otherTxn = someActions({ txns: [{ appId: "other", version: 1n }] });
const newMetadata = someActions(first.metadata === undefined ? {} : { metadata: first.metadata });
const newProtocol = someActions(first.protocol === undefined ? {} : { protocol: first.protocol });

// Columns: what came first, then what happens to an append, a merge, a merge under Serializable, and a compaction.
const MATRIX: readonly (readonly [string, Actions, string, string, string, string])[] = [
  ["a blind append to what was read", blindAppendRed, "-", "-", "concurrentAppend", "-"],
  ["rows from a writer that also read", otherAppendRed, "-", "concurrentAppend", "concurrentAppend", "-"],
  ["rows from a writer that says nothing", silentAppendRed, "-", "concurrentAppend", "concurrentAppend", "-"],
  ["rows elsewhere", someActions({ adds: [blue] }), "-", "-", "-", "-"],
  ["a remove of what was read", removeRed, "-", "concurrentRemove", "concurrentRemove", "concurrentRemove"],
  ["a remove of what was not read", removeBlue, "-", "-", "-", "-"],
  ["a remove of a file that was not there", removeUnknown, "-", "-", "-", "-"],
  [
    "a compaction of what was read",
    compactRed,
    "-",
    "concurrentRemove",
    "concurrentRemove",
    "concurrentRemove",
  ],
  ["a compaction of what was not read", compactOther, "-", "-", "-", "-"],
  ["my transaction", myTxn, "txn", "txn", "txn", "txn"],
  ["a transaction of another", otherTxn, "-", "-", "-", "-"],
  ["new metadata", newMetadata, "metadata", "metadata", "metadata", "metadata"],
  ["a new protocol", newProtocol, "protocol", "protocol", "protocol", "protocol"],
  ["nothing at all", someActions({}), "-", "-", "-", "-"],
];

Deno.test({
  name: "conflicts follow the matrix of the protocol",
  permissions: "none",
  fn: async (t) => {
    for (const [name, actions, ...expected] of MATRIX) {
      await t.step(
        `after ${name}: append ${expected[0]}, merge ${expected[1]}, serializable merge ${
          expected[2]
        }, compaction ${expected[3]}`,
        () => {
          const found = [append, mergeRed, strictMergeRed, compaction].map((attempt) =>
            findConflict(attempt, { version: 4, actions })
          );
          assertEquals<readonly string[]>(found.map((conflict) => conflict?.kind ?? "-"), expected);
        },
      );
    }
  },
});

Deno.test({
  name: "a conflict tells the version and the application",
  permissions: "none",
  fn: () => {
    const expected: Conflict = { kind: "txn", version: 9, appId: "mine" };
    assertEquals(findConflict(append, { version: 9, actions: myTxn }), expected);
  },
});

Deno.test({
  name: "a remove of a file that I remove conflicts however its path is spelled",
  permissions: "none",
  fn: () => {
    const mine: Attempt = { ...append, removes: [{ path: "color=red/a%20b" }] };
    const actions = someActions({ removes: [{ path: "color%3Dred/a%20b", dataChange: true }] });
    assertEquals(findConflict(mine, { version: 1, actions })?.kind, "concurrentRemove");
  },
});

Deno.test({
  name: "a commit that read everything conflicts with a remove of any file that it saw, and of no other",
  permissions: "none",
  fn: () => {
    const readsAll: Attempt = { ...append, reads: { matches: () => true } };
    const found = [removeRed, removeBlue, removeUnknown].map((actions) =>
      findConflict(readsAll, { version: 1, actions })?.kind
    );
    assertEquals(found, ["concurrentRemove", "concurrentRemove", undefined]);
  },
});
