/** A broker whose publishing is a span, which the messages carry to whoever reads them. */
import type { Broker, Message } from "../../broker/broker.ts";
import { telemetry } from "../../telemetry/telemetry.ts";

/** The same broker in all else. */
export function tracedBroker(broker: Broker): Broker {
  return new Proxy(broker, {
    get(target, name) {
      if (name === "publish") {
        return (topic: string, messages: readonly Message[]) => publish(target, topic, messages);
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function publish(broker: Broker, topic: string, messages: readonly Message[]): ReturnType<Broker["publish"]> {
  const attributes = {
    "messaging.destination.name": topic,
    "messaging.batch.message_count": messages.length,
  };
  return telemetry().span("publish", { attributes }, () => {
    const trace = telemetry().traceHeaders();
    const traced = messages.map((message) => ({ ...message, headers: { ...message.headers, ...trace } }));
    return broker.publish(topic, traced);
  });
}
