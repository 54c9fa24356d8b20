/** Aedes, an MQTT broker, imported in this one place; loaded only by a simulator that is asked to be one. */
export { Aedes } from "aedes";
