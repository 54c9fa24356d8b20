export function assert(a: unknown): asserts a {
  if (!a) throw new Error("x");
}
