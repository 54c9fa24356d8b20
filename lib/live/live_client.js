// lib/live/client/train_place.ts
var LAST_PART = 0.97;
function placeOfTrain(train, places, nowMs) {
  const from = places[train.from], to = places[train.to];
  if (from === void 0 || to === void 0) return null;
  const length = train.dueMs - train.leftMs;
  const part = length <= 0 ? 0 : Math.min(Math.max((nowMs - train.leftMs) / length, 0), LAST_PART);
  return {
    x: from[0] + part * (to[0] - from[0]),
    y: from[1] + part * (to[1] - from[1])
  };
}

// lib/live/client/train_map.ts
var NEAR = 14;
var NARROW = matchMedia("(max-width:40rem)");
var TrainMap = class {
  #box;
  #clock;
  #canvas;
  #name;
  #trains = /* @__PURE__ */ new Map();
  #net = null;
  /** How far the clock of the server is ahead of ours. */
  #aheadMs = 0;
  #isWaiting = false;
  /** `clock` is that of the browser: milliseconds since 1970 UTC. */
  constructor(box2, clock2) {
    this.#box = box2;
    this.#clock = clock2;
    this.#canvas = partOf(box2, "canvas");
    this.#name = partOf(box2, "output");
    box2.addEventListener("pointermove", (event) => this.#point(event));
    box2.addEventListener("pointerdown", (event) => this.#point(event));
    box2.addEventListener("pointerleave", () => this.#name.textContent = "");
    NARROW.addEventListener("change", () => this.#showNet());
    matchMedia("(prefers-color-scheme:dark)").addEventListener("change", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(box2);
  }
  showNet(net) {
    this.#net = net;
    this.#showNet();
  }
  showTrains({ nowMs, isWhole, trains, gone }) {
    this.#aheadMs = nowMs - this.#clock();
    if (isWhole) this.#trains.clear();
    for (const train of trains) this.#trains.set(train.id, train);
    for (const id of gone) this.#trains.delete(id);
    this.draw();
  }
  /** At the next frame; however often it is asked for until then, once. */
  draw() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.#draw();
    });
  }
  get #frame() {
    return this.#net?.frames.find(({ name }) => name === (NARROW.matches ? "narrow" : "wide"));
  }
  get #nowMs() {
    return this.#clock() + this.#aheadMs;
  }
  #showNet() {
    const frame = this.#frame, svg = this.#box.querySelector("svg");
    if (frame === void 0 || svg === null) return;
    svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    svg.innerHTML = frame.svg;
    this.draw();
  }
  #draw() {
    const frame = this.#frame, context = this.#canvas.getContext("2d");
    if (frame === void 0 || context === null) return;
    const { width, height } = this.#canvas.getBoundingClientRect(), sharp = devicePixelRatio;
    this.#canvas.width = Math.round(width * sharp);
    this.#canvas.height = Math.round(height * sharp);
    const scale = width / frame.width * sharp, style = getComputedStyle(this.#box);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const size = this.#trains.size > 400 ? 2.2 : 3.4;
    context.fillStyle = style.getPropertyValue("--bar");
    context.fill(this.#path(true, (path, { x, y }) => {
      path.moveTo(x + size, y);
      path.arc(x, y, size, 0, 2 * Math.PI);
    }));
    context.fillStyle = style.getPropertyValue("--bad");
    context.fill(this.#path(false, (path, { x, y }) => path.rect(x - size, y - size, 2 * size, 2 * size)));
    this.#canvas.dataset.trains = String(this.#trains.size);
  }
  #path(isOnTime, add) {
    const path = new Path2D(), places = this.#frame?.places ?? {}, nowMs = this.#nowMs;
    for (const train of this.#trains.values()) {
      if (train.isOnTime !== isOnTime) continue;
      const point = placeOfTrain(train, places, nowMs);
      if (point !== null) add(path, point);
    }
    return path;
  }
  #point({ clientX, clientY }) {
    const frame = this.#frame;
    if (frame === void 0) return;
    const box2 = this.#canvas.getBoundingClientRect(), scale = box2.width / frame.width;
    const at = {
      x: (clientX - box2.left) / scale,
      y: (clientY - box2.top) / scale
    };
    const found = this.#nearest(at, frame);
    this.#name.textContent = found === null ? "" : `${found.train.name}${delayText(found.train)}`;
    if (found === null) return;
    const isRight = found.point.x > frame.width / 2;
    this.#name.style.left = isRight ? "" : `${found.point.x * scale + 10}px`;
    this.#name.style.right = isRight ? `${box2.width - found.point.x * scale + 10}px` : "";
    this.#name.style.top = `${found.point.y * scale - 12}px`;
  }
  #nearest(at, { places }) {
    let best = null, least = NEAR;
    for (const train of this.#trains.values()) {
      const point = placeOfTrain(train, places, this.#nowMs);
      const distance = point === null ? Infinity : Math.hypot(point.x - at.x, point.y - at.y);
      if (point === null || distance > least) continue;
      [best, least] = [
        {
          train,
          point
        },
        distance
      ];
    }
    return best;
  }
};
function delayText({ delaySeconds }) {
  if (delaySeconds === null) return "";
  const minutes = Math.round(Math.abs(delaySeconds) / 60);
  return minutes === 0 ? ", on time" : `, ${minutes} min ${delaySeconds > 0 ? "late" : "early"}`;
}
function partOf(box2, name) {
  const part = box2.querySelector(name);
  if (part === null) throw new Error(`Cannot show trains: found no <${name}>`);
  return part;
}

// lib/live/client/live_client.ts
var SILENT_MS = 1e4;
var CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Helsinki",
  timeStyle: "medium"
});
var state = document.getElementById("state");
var clock = document.getElementById("clock");
var box = document.getElementById("map");
var map = box === null ? null : new TrainMap(box, Date.now);
var heardMs = 0;
follow();
setInterval(() => {
  map?.draw();
  if (heardMs > 0 && Date.now() - heardMs > SILENT_MS) say("lost", "no news: is the server still there?");
}, 1e3);
function follow() {
  const source = new EventSource(`/events${location.search}`);
  const on = (name, show) => source.addEventListener(name, (event) => {
    heard();
    show(JSON.parse(event.data));
  });
  on("net", (message) => map?.showNet(message));
  on("trains", (message) => map?.showTrains(message));
  on("figures", showFigures);
  on("line", showLine);
  source.addEventListener("open", heard);
  source.addEventListener("error", () => {
    say("lost", "connection lost, trying again");
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2e3);
  });
}
function heard() {
  heardMs = Date.now();
  say("live", "live");
}
function say(look, text) {
  if (state === null || state.textContent === text) return;
  state.className = `state ${look}`;
  state.textContent = text;
}
function showFigures({ nowMs, parts }) {
  for (const [id, html] of Object.entries(parts)) {
    const part = document.getElementById(id);
    if (part !== null) part.innerHTML = html;
  }
  if (clock !== null) clock.textContent = `${CLOCK.format(nowMs)} in Finland`;
}
function showLine({ html }) {
  const picture = document.getElementById("picture");
  if (picture === null) return;
  const isOpen = picture.querySelector("details")?.open ?? false;
  picture.innerHTML = html;
  if (isOpen) picture.querySelector("details")?.setAttribute("open", "");
}
