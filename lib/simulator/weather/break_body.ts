/** Bodies that do not arrive as they were sent. */

const DROP_BYTES = 256;
const DROP_EVERY_MS = 500;

/** The answer with a body that breaks off after so many bytes, or within its last part when it has fewer. */
export function cutBody(answer: Response, afterBytes: number): Response {
  let passedBytes = 0;
  let held = new Uint8Array();
  return transformBody(answer, {
    transform(part, controller) {
      controller.enqueue(held);
      passedBytes += held.length;
      held = new Uint8Array(part);
      if (passedBytes >= afterBytes) controller.error(new Error("simulated break"));
    },
    flush(controller) {
      controller.enqueue(held.subarray(0, held.length >> 1));
      controller.error(new Error("simulated break"));
    },
  });
}

/** The answer with a body that comes in drops, with a pause after each. */
export function trickleBody(answer: Response, sleep: (milliseconds: number) => Promise<void>): Response {
  return transformBody(answer, {
    async transform(part, controller) {
      for (let at = 0; at < part.length; at += DROP_BYTES) {
        controller.enqueue(part.subarray(at, at + DROP_BYTES));
        await sleep(DROP_EVERY_MS);
      }
    },
  });
}

function transformBody(answer: Response, transformer: Transformer<Uint8Array, Uint8Array>): Response {
  const body = answer.body?.pipeThrough(new TransformStream(transformer)) ?? null;
  return new Response(body, answer);
}
