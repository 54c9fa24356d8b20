/** Works on several items at once, a few at a time: while one waits for the disk, another is encoded. */

/**
 * What `work` gives for each item, in the order of the items. After a failure nothing more is begun, and what is under
 * way is waited for.
 *
 * @throws what `work` throws first
 */
export async function mapAtOnce<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const faults: unknown[] = [];
  const waiting = items.entries();
  const workOn = async (): Promise<void> => {
    for (const [place, item] of waiting) {
      if (faults.length > 0) return;
      try {
        results[place] = await work(item);
      } catch (error) {
        faults.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, workOn));
  if (faults.length > 0) throw faults[0];
  return results;
}
