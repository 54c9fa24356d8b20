/** prom-client, imported in this one place. */
export { Counter, Gauge, Registry } from "prom-client";
