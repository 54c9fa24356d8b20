/** Where Jupyter finds Deno's kernel, and who answers for the rights of its cells; part of the host. */
import type { GrantedLists } from "../../lib/cli/rights/grant_requests.ts";
import { absolutePath } from "../../lib/cli/rights/paths.ts";
import { answerRequests } from "./answer_requests.ts";

/** What the kernel's cells may do, with places as deno.json has them. */
export interface KernelOptions {
  readonly folder: string;
  readonly rights: GrantedLists;
  /** The folder of the tables, which the notebook reads. */
  readonly dataDir: string;
}

/** For JUPYTER_PATH, until it is disposed of. */
export interface KernelFolder extends Disposable {
  readonly path: string;
}

/**
 * Writes the kernel's description into the folder, and listens there for what the kernel asks: Deno gives cells all
 * rights but those that its permission broker refuses. Windows has no such sockets: there it has them all.
 */
export async function makeKernelFolder({ folder, rights, dataDir }: KernelOptions): Promise<KernelFolder> {
  const root = Deno.cwd();
  const path = absolutePath(folder, root), data = absolutePath(dataDir, root);
  await Deno.mkdir(`${path}/kernels/deno`, { recursive: true });
  const socket = `${path}/rights.sock`;
  const { read = [], ffi = [] } = rights;
  const inRoot = (place: string) => absolutePath(place, root);
  const granted = { ...rights, read: [...read.map(inRoot), data], ffi: ffi.map(inRoot) };
  const listener = Deno.build.os === "windows" ? undefined : await answerRequests(socket, granted);
  const kernel = {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    env: { DATA_DIR: data, ...(listener === undefined ? {} : { DENO_PERMISSION_BROKER_PATH: socket }) },
  };
  await Deno.writeTextFile(`${path}/kernels/deno/kernel.json`, JSON.stringify(kernel));
  return { path, [Symbol.dispose]: () => listener?.close() };
}
