/** Apache Arrow, loaded when it is first used: its 100 modules take 50 ms. */
import type * as apacheArrow from "apache-arrow";
import { loadLazily } from "./load_lazily.ts";

/** What `import * as arrow from "apache-arrow"` gives. */
export const arrow: typeof apacheArrow = loadLazily("apache-arrow");
