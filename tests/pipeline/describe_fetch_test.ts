/** What a round of fetch says of itself. */
import { assertEquals } from "@std/assert";
import { describeFetch } from "../../lib/pipeline/describe_fetch.ts";

const ROUND = { fetched: 639, published: 600, unchanged: 39, older: 0, unpublished: 0 };
const SIZE = { sizeBytes: 6_851_234, durationSeconds: 1.26 };

Deno.test("a round says what became of all trains, with bytes and seconds, and what is not there is not said", () => {
  const done = "Fetched 639 trains: 600 published (6,851 kB), 39 unchanged; 1.3 s";
  assertEquals(describeFetch({ ...ROUND, ...SIZE }), done);
});

Deno.test("trains that are older than published, and those that a stop has left, are said of", () => {
  const round = { ...ROUND, ...SIZE, fetched: 1, published: 0, unchanged: 0, sizeBytes: 0 };
  assertEquals(
    describeFetch({ ...round, older: 1 }),
    "Fetched 1 train: 0 published (0 B), 0 unchanged, 1 older than published; 1.3 s",
  );
  assertEquals(
    describeFetch({ ...round, unpublished: 1 }),
    "Fetched 1 train: 0 published (0 B), 0 unchanged, 1 left for the next fetch because this one was stopped; 1.3 s",
  );
});
