/** Logs that look random and are the same for the same seed, with everything that a checkpoint has to carry. */

import type { Actions, Add, Remove } from "../../../lib/delta/actions/actions.ts";
import { fakeAdd, firstActions, seededRandom, someActions } from "../test_context.ts";

const TRICKY = ["plain", "päivä", "a%20b", "quote\"'\\", "", "__proto__", "\u{1f682}"];

/** Versions from 0; files come and go, applications move on, and now and then the metadata changes. */
export function randomLog(seed: number, versions: number): readonly Actions[] {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const live = new Map<string, Add>();
  const log: Actions[] = [firstActions({ id: "long", day: "string" }, ["day"])];
  for (let version = 1; version < versions; version++) {
    const removes = random() < 0.5 ? [] : [...live.values()].filter(() => random() < 0.3).map(removeOf);
    for (const { path } of removes) live.delete(path);
    const adds = Array.from({ length: Math.floor(random() * 4) }, (_, index) => randomAdd(version, index));
    for (const add of adds) live.set(add.path, add);
    const appId = `app ${pick(TRICKY)}`;
    const txns = random() < 0.5 ? [] : [{ appId, version: 2n ** 62n + BigInt(version) }];
    const metadata = random() < 0.1
      ? firstActions({ id: "long", day: "string" }, ["day"]).metadata
      : undefined;
    log.push(
      someActions({
        adds,
        removes,
        txns,
        ...(metadata && { metadata: { ...metadata, name: `v${version}` } }),
      }),
    );
  }
  return log;

  function randomAdd(version: number, index: number): Add {
    const day = random() < 0.2 ? null : pick(TRICKY) || null;
    return fakeAdd(
      `day=${version}/part-${index} ${random() < 0.5 ? "%25" : ""}.parquet`.replaceAll(" ", "%20"),
      {
        partitionValues: { day },
        size: Math.floor(random() * 2 ** 40),
        modificationTime: version,
        dataChange: random() < 0.8,
        ...(random() < 0.7
          ? { stats: JSON.stringify({ numRecords: version, minValues: { id: pick(TRICKY) } }) }
          : {}),
        ...(random() < 0.3 ? { tags: { [pick(TRICKY) ?? ""]: random() < 0.3 ? null : "value" } } : {}),
      },
    );
  }
}

function removeOf({ path, partitionValues, size }: Add): Remove {
  const deletionTimestamp = 1_000 + path.length;
  return { path, deletionTimestamp, dataChange: true, extendedFileMetadata: true, partitionValues, size };
}
