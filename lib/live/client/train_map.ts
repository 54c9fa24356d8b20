/** Draws the trains over the map: once a second, and when there is news; a canvas costs less than a thousand elements. */
import type { NetFrame, NetMessage, TrainEntry, TrainsMessage } from "../messages.ts";
import { placeOfTrain, type Point } from "./train_place.ts";

/** A pointer finds a train from so far away, in pixels of the map. */
const NEAR = 14;
const NARROW = matchMedia("(max-width:40rem)");

/** The map of the page. */
export class TrainMap {
  readonly #box: HTMLElement;
  readonly #clock: () => number;
  readonly #canvas: HTMLCanvasElement;
  readonly #name: HTMLOutputElement;
  #trains = new Map<string, TrainEntry>();
  #net: NetMessage | null = null;
  /** How far the clock of the server is ahead of ours. */
  #aheadMs = 0;
  #isWaiting = false;

  /** `clock` is that of the browser: milliseconds since 1970 UTC. */
  constructor(box: HTMLElement, clock: () => number) {
    this.#box = box;
    this.#clock = clock;
    this.#canvas = partOf(box, "canvas");
    this.#name = partOf(box, "output");
    box.addEventListener("pointermove", (event) => this.#point(event));
    box.addEventListener("pointerdown", (event) => this.#point(event));
    box.addEventListener("pointerleave", () => this.#name.textContent = "");
    NARROW.addEventListener("change", () => this.#showNet());
    matchMedia("(prefers-color-scheme:dark)").addEventListener("change", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(box);
  }

  showNet(net: NetMessage): void {
    this.#net = net;
    this.#showNet();
  }

  showTrains({ nowMs, isWhole, trains, gone }: TrainsMessage): void {
    this.#aheadMs = nowMs - this.#clock();
    if (isWhole) this.#trains.clear();
    for (const train of trains) this.#trains.set(train.id, train);
    for (const id of gone) this.#trains.delete(id);
    this.draw();
  }

  /** At the next frame; however often it is asked for until then, once. */
  draw(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.#draw();
    });
  }

  get #frame(): NetFrame | undefined {
    return this.#net?.frames.find(({ name }) => name === (NARROW.matches ? "narrow" : "wide"));
  }

  get #nowMs(): number {
    return this.#clock() + this.#aheadMs;
  }

  #showNet(): void {
    const frame = this.#frame, svg = this.#box.querySelector("svg");
    if (frame === undefined || svg === null) return;
    svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    svg.innerHTML = frame.svg;
    this.draw();
  }

  #draw(): void {
    const frame = this.#frame, context = this.#canvas.getContext("2d");
    if (frame === undefined || context === null) return;
    const { width, height } = this.#canvas.getBoundingClientRect(), sharp = devicePixelRatio;
    this.#canvas.width = Math.round(width * sharp);
    this.#canvas.height = Math.round(height * sharp);
    const scale = (width / frame.width) * sharp, style = getComputedStyle(this.#box);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const size = this.#trains.size > 400 ? 2.2 : 3.4;
    // All of one colour at once; late ones last, and square, so that they are told apart without colours.
    context.fillStyle = style.getPropertyValue("--bar");
    context.fill(this.#path(true, (path, { x, y }) => {
      path.moveTo(x + size, y);
      path.arc(x, y, size, 0, 2 * Math.PI);
    }));
    context.fillStyle = style.getPropertyValue("--bad");
    context.fill(this.#path(false, (path, { x, y }) => path.rect(x - size, y - size, 2 * size, 2 * size)));
    this.#canvas.dataset.trains = String(this.#trains.size);
  }

  #path(isOnTime: boolean, add: (path: Path2D, point: Point) => void): Path2D {
    const path = new Path2D(), places = this.#frame?.places ?? {}, nowMs = this.#nowMs;
    for (const train of this.#trains.values()) {
      if (train.isOnTime !== isOnTime) continue;
      const point = placeOfTrain(train, places, nowMs);
      if (point !== null) add(path, point);
    }
    return path;
  }

  #point({ clientX, clientY }: PointerEvent): void {
    const frame = this.#frame;
    if (frame === undefined) return;
    const box = this.#canvas.getBoundingClientRect(), scale = box.width / frame.width;
    const at = { x: (clientX - box.left) / scale, y: (clientY - box.top) / scale };
    const found = this.#nearest(at, frame);
    this.#name.textContent = found === null ? "" : `${found.train.name}${delayText(found.train)}`;
    if (found === null) return;
    const isRight = found.point.x > frame.width / 2;
    this.#name.style.left = isRight ? "" : `${found.point.x * scale + 10}px`;
    this.#name.style.right = isRight ? `${box.width - found.point.x * scale + 10}px` : "";
    this.#name.style.top = `${found.point.y * scale - 12}px`;
  }

  #nearest(at: Point, { places }: NetFrame): { readonly train: TrainEntry; readonly point: Point } | null {
    let best: { train: TrainEntry; point: Point } | null = null, least = NEAR;
    for (const train of this.#trains.values()) {
      const point = placeOfTrain(train, places, this.#nowMs);
      const distance = point === null ? Infinity : Math.hypot(point.x - at.x, point.y - at.y);
      if (point === null || distance > least) continue;
      [best, least] = [{ train, point }, distance];
    }
    return best;
  }
}

function delayText({ delaySeconds }: TrainEntry): string {
  if (delaySeconds === null) return "";
  const minutes = Math.round(Math.abs(delaySeconds) / 60);
  return minutes === 0 ? ", on time" : `, ${minutes} min ${delaySeconds > 0 ? "late" : "early"}`;
}

function partOf<Name extends "canvas" | "output">(box: HTMLElement, name: Name): HTMLElementTagNameMap[Name] {
  const part = box.querySelector(name);
  if (part === null) throw new Error(`Cannot show trains: found no <${name}>`);
  return part;
}
