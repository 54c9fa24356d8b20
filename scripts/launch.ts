/** `deno task <script>`: starts a script with exactly the rights that its settings need. */
import { planHere, startDeno } from "./host/start_deno.ts";

const [name = "", ...args] = Deno.args;
Deno.exit(await startDeno(name, planHere(name, { args })));
