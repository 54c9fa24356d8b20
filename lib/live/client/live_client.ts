/** The script of the live page: hears the server's events and shows them; when it hears nothing, it says so. */
import type { FiguresMessage, LineMessage, LiveMessages } from "../messages.ts";
import { TrainMap } from "./train_map.ts";

/** The server says something every second; without a word for so long it is gone, or the network is. */
const SILENT_MS = 10_000;
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Helsinki", timeStyle: "medium" });

const state = document.getElementById("state");
const clock = document.getElementById("clock");
const box = document.getElementById("map");
const map = box === null ? null : new TrainMap(box, Date.now);
let heardMs = 0;

follow();
setInterval(() => {
  map?.draw();
  if (heardMs > 0 && Date.now() - heardMs > SILENT_MS) say("lost", "no news: is the server still there?");
}, 1_000);

function follow(): void {
  const source = new EventSource(`/events${location.search}`);
  const on = <Name extends keyof LiveMessages>(name: Name, show: (message: LiveMessages[Name]) => void) =>
    source.addEventListener(name, (event: MessageEvent<string>) => {
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
    // After an answer that is no stream, a browser gives up.
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2_000);
  });
}

function heard(): void {
  heardMs = Date.now();
  say("live", "live");
}

function say(look: string, text: string): void {
  if (state === null || state.textContent === text) return;
  state.className = `state ${look}`;
  state.textContent = text;
}

function showFigures({ nowMs, parts }: FiguresMessage): void {
  for (const [id, html] of Object.entries(parts)) {
    const part = document.getElementById(id);
    if (part !== null) part.innerHTML = html;
  }
  if (clock !== null) clock.textContent = `${CLOCK.format(nowMs)} in Finland`;
}

function showLine({ html }: LineMessage): void {
  const picture = document.getElementById("picture");
  if (picture === null) return;
  // Whoever has opened the numbers keeps them open.
  const isOpen = picture.querySelector("details")?.open ?? false;
  picture.innerHTML = html;
  if (isOpen) picture.querySelector("details")?.setAttribute("open", "");
}
