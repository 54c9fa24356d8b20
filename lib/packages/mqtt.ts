/** MQTT.js, imported in this one place; loaded only by who follows the feed over MQTT. */
export { MqttClient } from "mqtt";
