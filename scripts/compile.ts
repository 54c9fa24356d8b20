/** `deno task compile`: a single binary of a script, with the rights that the settings of now need. */
import { planHere, startDeno } from "./host/start_deno.ts";

const [name = "", ...args] = Deno.args;
const packages = [...Deno.readDirSync("node_modules/.deno")].map((folder) => folder.name);
Deno.exit(await startDeno(name, planHere(name, { args, packages })));
