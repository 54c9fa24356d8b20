/** Addresses for kafkajs, which takes "host:port" apart at the first colon: those of IPv6 have more. */
import net from "node:net";
import tls from "node:tls";
import type { ISocketFactoryArgs } from "kafkajs";

const KEEP_ALIVE_MS = 60_000;

/** "[::1]:9092" with signs instead of the inner colons, which {@linkcode openSocket} turns back. */
export function toKafkajs(address: string): string {
  return address.replace(/^\[.*\]/, (host) => host.replaceAll(":", ";"));
}

/** An address as kafkajs reports it, as a person writes it. */
export function fromKafkajs(address: string): string {
  const at = address.lastIndexOf(":");
  const host = address.slice(0, at).replaceAll(";", ":");
  return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}${address.slice(at)}`;
}

/** What kafkajs does by itself, with the colons turned back. */
export function openSocket({ host, port, ssl, onConnect }: ISocketFactoryArgs): net.Socket {
  const name = host.replaceAll(";", ":").replace(/^\[(.*)\]$/, "$1");
  const place = { host: name, port };
  const socket = ssl
    ? tls.connect({ ...place, ...(net.isIP(name) ? {} : { servername: name }), ...ssl }, onConnect)
    : net.connect(place, onConnect);
  return socket.setKeepAlive(true, KEEP_ALIVE_MS);
}
