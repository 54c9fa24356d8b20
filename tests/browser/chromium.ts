/** Debian's Chromium, started for a test, with a folder that goes when it ends. */
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A browser with a folder for the pages that it opens. */
export interface OpenChromium extends AsyncDisposable {
  readonly browser: Browser;
  readonly folder: string;
}

/** Why the tests cannot run here; undefined when they can. Where `CI=true` it is required. */
export function whyNoChromium(): string | undefined {
  if (placeOfChromium() !== undefined || Deno.env.get("CI") === "true") return undefined;
  return `no Chromium at ${PLACES.join(", ")}`;
}

/** Starts it; without its sandbox, which containers do not allow: it opens what the test has written, and nothing else. */
export async function openChromium(): Promise<OpenChromium> {
  const executablePath = placeOfChromium();
  if (executablePath === undefined) {
    throw new Error(`Cannot test the page: found no Chromium, expected ${PLACES[0]}`);
  }
  const folder = await Deno.makeTempDir({ prefix: "ratalake-page-" });
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false });
  return {
    browser,
    folder,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function placeOfChromium(): string | undefined {
  return PLACES.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}
