/** js-yaml, imported in this one place; zod.ts says why. */
export { EVENT_ALIAS, EVENT_POP, EVENT_SCALAR, load, parseEvents, YAMLException } from "js-yaml";
