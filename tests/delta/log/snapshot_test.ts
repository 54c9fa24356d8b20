import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import type { ActionFault, Actions, DeletionVector, Remove } from "../../../lib/delta/actions/actions.ts";
import { CorruptLogError } from "../../../lib/delta/errors.ts";
import { type Commit, replay, type Snapshot } from "../../../lib/delta/log/snapshot.ts";
import { fakeAdd, firstActions, seededRandom, someActions } from "../test_context.ts";

const created: Commit = { version: 0, actions: firstActions({ id: "long" }) };

Deno.test({
  name: "replay of any history equals a naive model, at once or in steps",
  permissions: "none",
  fn: () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const commits = [created, ...randomCommits(random, 30)];
      const whole = replay(undefined, commits);
      const cut = 1 + Math.floor(random() * commits.length);
      const steps = replay(replay(undefined, commits.slice(0, cut)), commits.slice(cut));
      assertEquals(steps, whole);
      const [base, rest] = [replay(undefined, commits.slice(0, cut)), commits.slice(cut)];
      assertEquals(replay(base, rest, { endsBase: true }), whole);
      const model = naiveModel(commits);
      assertEquals([...whole.files.keys()].toSorted(), [...model.live].toSorted());
      assertEquals([...whole.tombstones.keys()].toSorted(), [...model.removed].toSorted());
      assertEquals(new Map([...whole.txns].map(([appId, { version }]) => [appId, version])), model.txns);
    }
  },
});

Deno.test({
  name:
    "a remove takes the add that spells the path alike, and no other; files are listed as the log spells them",
  permissions: "none",
  fn: () => {
    const adds = ["d=%C3%A4%20b/x", "p=%2Bx/y", "p=%252B/z"].map((path) => fakeAdd(path));
    const removes = ["d=%c3%a4%20b/x", "p=+x/y", "p=%252B/z"].map((path) => ({ path, dataChange: true }));
    const added = { version: 1, actions: someActions({ adds }) };
    const lower = { version: 1, actions: someActions({ adds: [fakeAdd("%2e%2e%2fup")] }) };
    const listed = [...replay(undefined, [created, lower]).files.values()].map(({ path }) => path);
    assertEquals(listed, ["%2e%2e%2fup"]);
    const snapshot = replay(undefined, [created, added, { version: 2, actions: someActions({ removes }) }]);
    assertEquals([...snapshot.files.keys()], ["p=%2Bx/y"]);
    assertEquals([...snapshot.tombstones.keys()], ["d=%C3%A4%20b/x", "p=+x/y", "p=%252B/z"]);
  },
});

Deno.test({
  name: "of a removed file all is held but its tags, which nobody asks for: they may be larger than all else",
  permissions: "none",
  fn: () => {
    const remove = {
      path: "a",
      dataChange: false,
      size: 7,
      extendedFileMetadata: true,
      deletionTimestamp: 5,
    };
    const removes = [{ ...remove, partitionValues: { d: "x" }, tags: { counts: "1".repeat(9) } }];
    const snapshot = replay(undefined, [created, { version: 1, actions: someActions({ removes }) }]);
    assertEquals([...snapshot.tombstones.values()], [{ ...remove, partitionValues: { d: "x" } }]);
  },
});

Deno.test({
  name: "a remove of a file with another deletion vector takes nothing",
  permissions: "none",
  fn: () => {
    const vectorOf = (pathOrInlineDv: string) =>
      ({ storageType: "u", pathOrInlineDv, offset: 1, sizeInBytes: 1, cardinality: 1 }) as const;
    const add = fakeAdd("a", { deletionVector: vectorOf("new") });
    const added = { version: 1, actions: someActions({ adds: [add] }) };
    const removeOf = (more: Partial<Remove>): Commit => ({
      version: 2,
      actions: someActions({ removes: [{ path: "a", dataChange: true, ...more }] }),
    });
    const left = [{}, { deletionVector: vectorOf("old") }, { deletionVector: vectorOf("new") }]
      .map((more) => replay(undefined, [created, added, removeOf(more)]).files.size);
    assertEquals(left, [1, 1, 0]);
  },
});

Deno.test({
  name: "a file removed and added in one version stays, whatever the order of the lines",
  permissions: "none",
  fn: () => {
    const actions = someActions({
      adds: [fakeAdd("a", { size: 2 })],
      removes: [{ path: "a", dataChange: false }],
    });
    const snapshot = replay(undefined, [created, { version: 1, actions }]);
    assertEquals(snapshot.files.get("a")?.size, 2);
    assertEquals(snapshot.tombstones.size, 0);
  },
});

Deno.test({
  name: "a snapshot does not change when a later one is made from it",
  permissions: "none",
  fn: () => {
    const first = replay(undefined, [created]);
    const second = replay(first, [{ version: 1, actions: someActions({ adds: [fakeAdd("a")] }) }]);
    assertEquals([first.version, first.files.size, second.version, second.files.size], [0, 0, 1, 1]);
    assertStrictEquals(second.schema, first.schema);
    assertStrictEquals(replay(second, []), second);
  },
});

Deno.test({
  name: "a gap in the versions is a corrupt log",
  permissions: "none",
  fn: () => {
    const later = { version: 2, actions: someActions({}) };
    assertThrows(() => replay(undefined, [created, later]), CorruptLogError, "00000000000000000001.json");
  },
});

Deno.test({
  name: "a log without protocol or metaData is corrupt, and so is a schema that is no JSON",
  permissions: "none",
  fn: () => {
    const { protocol, metadata } = created.actions;
    assertThrows(() => replayFirst(someActions(protocol === undefined ? {} : { protocol })), CorruptLogError);
    assertThrows(() => replayFirst(someActions(metadata === undefined ? {} : { metadata })), CorruptLogError);
    const broken = { ...created.actions, ...(metadata && { metadata: { ...metadata, schemaString: "{" } }) };
    assertThrows(() => replayFirst(broken), CorruptLogError, "Cannot read the schema");
  },
});

Deno.test({
  name: "the timestamp is that of the newest commit, or of the creation when no commit says",
  permissions: "none",
  fn: () => {
    const timed = { version: 1, actions: someActions({ commitInfo: { timestamp: 99 } }) };
    assertEquals(replay(undefined, [created]).timestamp, 7);
    assertEquals(replay(undefined, [created, timed, { version: 2, actions: someActions({}) }]).timestamp, 99);
  },
});

Deno.test({
  name: "a deletion vector is another when its kind, its place or its offset differs; no offset is 0",
  permissions: "none",
  fn: () => {
    const vector: DeletionVector = {
      storageType: "u",
      pathOrInlineDv: "x",
      offset: 4,
      sizeInBytes: 1,
      cardinality: 1,
    };
    const { offset: _, ...noOffset } = vector;
    const isTaken = (added: DeletionVector | undefined, removed: DeletionVector | undefined): boolean => {
      const add = fakeAdd("a", added === undefined ? {} : { deletionVector: added });
      const remove: Remove = { path: "a", dataChange: true, ...(removed && { deletionVector: removed }) };
      const commits = [someActions({ adds: [add] }), someActions({ removes: [remove] })];
      const { files, tombstones } = replay(undefined, [
        created,
        ...commits.map((actions, index) => ({ version: index + 1, actions })),
      ]);
      assertEquals(files.size + tombstones.size, 1);
      return files.size === 0;
    };
    assertEquals(
      [vector, { ...vector }, { ...vector, cardinality: 9 }].map((other) => isTaken(vector, other)),
      [true, true, true],
    );
    const others: readonly (DeletionVector | undefined)[] = [
      undefined,
      { ...vector, storageType: "p" },
      { ...vector, pathOrInlineDv: "y" },
      { ...vector, offset: 5 },
      noOffset,
    ];
    for (const other of others) {
      assertEquals([isTaken(vector, other), isTaken(other, vector)], [false, false]);
    }
    assertEquals([isTaken(noOffset, { ...vector, offset: 0 }), isTaken(undefined, undefined)], [true, true]);
  },
});

Deno.test({
  name: "a remove of a file that the log does not know is noted, with a deletion vector too",
  permissions: "none",
  fn: () => {
    const deletionVector = { storageType: "u", pathOrInlineDv: "x", sizeInBytes: 1, cardinality: 1 } as const;
    const removes: readonly Remove[] = [{ path: "a", dataChange: true }, {
      path: "b",
      dataChange: true,
      deletionVector,
    }];
    const { tombstones } = replay(undefined, [created, { version: 1, actions: someActions({ removes }) }]);
    assertEquals([...tombstones.values()], removes);
  },
});

Deno.test({
  name: "columns are those of the newest metadata",
  permissions: "none",
  fn: () => {
    const { metadata } = firstActions({ id: "long", name: "string" });
    const changed = { version: 1, actions: someActions(metadata === undefined ? {} : { metadata }) };
    const namesOf = (commits: readonly Commit[], base?: Snapshot) =>
      replay(base, commits).schema.fields.map(({ name }) => name);
    assertEquals(namesOf([created, changed]), ["id", "name"]);
    assertEquals(namesOf([changed], replay(undefined, [created])), ["id", "name"]);
  },
});

Deno.test({
  name: "a schema that is JSON and no struct is a corrupt log too",
  permissions: "none",
  fn: () => {
    const { metadata } = created.actions;
    for (const schemaString of ['{"type":"struct"}', '"long"', "null", "[]"]) {
      const broken = { ...created.actions, ...(metadata && { metadata: { ...metadata, schemaString } }) };
      assertThrows(() => replayFirst(broken), CorruptLogError, "Cannot read the schema");
    }
  },
});

Deno.test({
  name: "what cannot be read is an error until a newer commit takes its place, and again after a newer fault",
  permissions: "none",
  fn: () => {
    const { protocol, metadata } = created.actions;
    const error = new CorruptLogError("broken", { path: "x", version: 1 });
    const cases: readonly (readonly [fault: ActionFault, cure: Partial<Actions>])[] = [
      [{ kind: "protocol", error }, { ...(protocol && { protocol }) }],
      [{ kind: "metaData", error }, { ...(metadata && { metadata }) }],
      [{ kind: "txn", key: "app", error }, { txns: [{ appId: "app", version: 1n }] }],
      [{ kind: "add", key: "a", error }, { adds: [fakeAdd("a")] }],
      [{ kind: "add", key: "a%3db", error }, { removes: [{ path: "a%3Db", dataChange: true }] }],
    ];
    for (const [fault, cure] of cases) {
      const run = (...actions: readonly Actions[]) =>
        replay(undefined, [
          created,
          ...actions.map((each, index) => ({ version: index + 1, actions: each })),
        ]);
      const broken = someActions({ faults: [fault] }), cured = someActions(cure);
      assertThrows(() => run(broken), CorruptLogError, "broken");
      assertThrows(() => run(broken, someActions({})), CorruptLogError, "broken");
      assertEquals(run(broken, cured).version, 2);
      assertThrows(() => run(cured, broken), CorruptLogError, "broken");
      for (const [, other] of cases.filter(([{ kind }]) => kind !== fault.kind)) {
        assertThrows(() => run(broken, someActions(other)), CorruptLogError, "broken");
      }
    }
  },
});

function replayFirst(actions: Actions): void {
  replay(undefined, [{ version: 0, actions }]);
}

function randomCommits(random: () => number, count: number): readonly Commit[] {
  const pick = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, index) => {
    const removes = Array.from({ length: pick(4) }, () => ({ path: `file%20${pick(20)}`, dataChange: true }));
    const adds = Array.from({ length: pick(4) }, () => fakeAdd(encodeURIComponent(`file ${pick(20)}`)));
    const txns = Array.from(
      { length: pick(3) },
      () => ({ appId: `app ${pick(4)}`, version: BigInt(pick(100)) }),
    );
    return { version: index + 1, actions: someActions({ adds, removes, txns }) };
  });
}

function naiveModel(commits: readonly Commit[]) {
  let live: string[] = [];
  let removed: string[] = [];
  const txns = new Map<string, bigint>();
  for (const { actions } of commits) {
    const gone = actions.removes.map(({ path }) => path);
    const come = actions.adds.map(({ path }) => path);
    live = [...new Set([...live.filter((path) => !gone.includes(path)), ...come])];
    removed = [...new Set([...removed, ...gone])].filter((path) => !come.includes(path));
    for (const { appId, version } of actions.txns) txns.set(appId, version);
  }
  return { live, removed, txns };
}

Deno.test({
  name:
    "snapshots that came one from another know their removed files, whichever is asked first, and none of the later",
  permissions: "none",
  fn: () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed);
      const commits = randomCommits(random, 300);
      let snapshot = replay(undefined, [created]);
      const all = [snapshot, ...commits.map((commit) => snapshot = replay(snapshot, [commit]))];
      for (let asked = 0; asked < 12; asked++) {
        const at = Math.floor(random() * all.length);
        const whole = replay(undefined, [created, ...commits.slice(0, at)]);
        assertEquals(all[at]?.tombstones, whole.tombstones);
      }
    }
  },
});
