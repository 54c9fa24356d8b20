/** Sends every browser what it does not know yet: the map, trains that have changed, figures, its line. */
import { chartFigure } from "../charts/chart.ts";
import { markup } from "../charts/markup.ts";
import type { FollowerRole } from "../follow/heartbeat.ts";
import { EventStream } from "./event_stream.ts";
import { type LiveParts, liveParts } from "./live_parts.ts";
import { liveMap, type Net } from "./live_map.ts";
import type { LiveView } from "./live_view.ts";
import type { NetMessage } from "./messages.ts";
import { type Rates, Throughput } from "./throughput.ts";
import { changesSince, type KnownTrains, trainsById, wholeMessage } from "./train_changes.ts";

/** How the feed is kept. */
export interface FeedOptions {
  /** The tables and followers as they are now; a fault is in the view, it never rejects. */
  readonly look: () => Promise<LiveView>;
  /** Milliseconds between two drawings of a line. Default 5,000. */
  readonly lineEveryMs?: number;
}

/** One browser and what it was told. */
interface Reader {
  readonly stream: EventStream;
  readonly line: string | null;
  net: Net | null;
  trains: KnownTrains | null;
  drawn: string | null;
  parts: Readonly<Record<string, string>>;
}

/** A view, and what is made of it for all browsers. */
interface Seen {
  readonly view: LiveView;
  readonly parts: LiveParts;
  readonly trains: KnownTrains;
  readonly map: DrawnMap;
}

interface DrawnMap {
  readonly net: Net;
  readonly message: NetMessage;
}

interface DrawnLine {
  readonly atMs: number;
  readonly version: number | null;
  readonly html: string;
}

/** So many pages at once: each costs memory, and a browser opens six at most. */
const MOST_READERS = 64;
const LINE_EVERY_MS = 5_000;
/** The hours that a line shows move on even when no train does. */
const LINE_AGES_MS = 60_000;

/** All open pages. */
export class LiveFeed {
  readonly #options: FeedOptions;
  readonly #readers = new Set<Reader>();
  readonly #throughput = new Map<FollowerRole, Throughput>();
  readonly #lines = new Map<string | null, DrawnLine>();
  #map: DrawnMap | null = null;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** How many pages are open. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Opens a stream that begins with all there is; null when there are too many. */
  async open(line: string | null): Promise<EventStream | null> {
    if (this.#readers.size >= MOST_READERS) return null;
    const stream = new EventStream(() => this.#readers.delete(reader));
    const reader: Reader = { stream, line, net: null, trains: null, drawn: null, parts: {} };
    this.#readers.add(reader);
    this.#tell(reader, await this.#look());
    return stream;
  }

  /** Looks at the tables and tells everybody what is new; without open pages nothing is done. */
  async refresh(): Promise<void> {
    if (this.#readers.size === 0) return;
    const seen = await this.#look();
    for (const reader of this.#readers) this.#tell(reader, seen);
  }

  /** Ends all streams. */
  close(): void {
    for (const { stream } of [...this.#readers]) stream.close();
  }

  async #look(): Promise<Seen> {
    const view = await this.#options.look();
    const map = this.#map?.net === view.net ? this.#map : { net: view.net, message: liveMap(view.net) };
    this.#map = map;
    const parts = liveParts({ view, rates: this.#rates(view) });
    return { view, parts, trains: trainsById(view.trains), map };
  }

  #rates({ followers }: LiveView): ReadonlyMap<string, Rates> {
    return new Map(followers.map((follower) => {
      const throughput = this.#throughput.get(follower.role) ?? new Throughput();
      this.#throughput.set(follower.role, throughput);
      return [follower.role, throughput.add(follower)];
    }));
  }

  #tell(reader: Reader, { view, parts, trains, map }: Seen): void {
    const { stream } = reader, { nowMs } = view;
    if (reader.net !== map.net) stream.send("net", map.message);
    reader.net = map.net;
    const changes = reader.trains === null
      ? wholeMessage(trains, nowMs)
      : changesSince(reader.trains, trains, nowMs);
    if (changes !== null) stream.send("trains", changes);
    reader.trains = trains;
    const html = this.#draw(reader.line, view);
    if (reader.drawn !== html) stream.send("line", { html });
    reader.drawn = html;
    const changed = Object.entries(parts).filter(([id, part]) => reader.parts[id] !== part);
    // Also when nothing has changed: by it the page knows that the server is there.
    stream.send("figures", { nowMs, parts: Object.fromEntries(changed) });
    reader.parts = parts;
  }

  /** A line is drawn anew when the table has moved on, but not at every move. */
  #draw(line: string | null, { drawLine, nowMs, standardVersion: version }: LiveView): string {
    const known = this.#lines.get(line);
    const ageMs = known === undefined || nowMs < known.atMs ? Infinity : nowMs - known.atMs;
    const dueMs = known?.version === version ? LINE_AGES_MS : this.#options.lineEveryMs ?? LINE_EVERY_MS;
    if (known !== undefined && ageMs < dueMs) return known.html;
    const chart = drawLine(line);
    const html = (typeof chart === "string" ? markup`<p>${chart}</p>` : chartFigure(chart)).toString();
    // Whoever asks for ever other lines must not fill the memory.
    if (this.#lines.size >= MOST_READERS) this.#lines.clear();
    this.#lines.set(line, { atMs: nowMs, version, html });
    return html;
  }
}
