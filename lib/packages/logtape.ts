/** LogTape, imported in this one place; zod.ts says why. */
export * from "@logtape/logtape";
