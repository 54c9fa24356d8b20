/** One room of `load_tests.ts`. */
import { loadRoom } from "./load_tests.ts";

await loadRoom(import.meta.url);
