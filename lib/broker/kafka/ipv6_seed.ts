/** Addresses such as `[::1]:9092`, which kafkajs would cut at their first colon. */
import net from "node:net";
import tls from "node:tls";
import type { ISocketFactory, ISocketFactoryArgs } from "kafkajs";

const KEEP_ALIVE_DELAY_MS = 60_000;
const IPV6 = /^\[([0-9a-fA-F:.]+)\](:\d{1,5})$/;

/** The address with "-" for the colons in its brackets, which no IPv6 address has; others as they are. */
export function writeSeed(address: string): string {
  const [, host, port] = IPV6.exec(address) ?? [];
  return host === undefined || port === undefined ? address : `[${host.replaceAll(":", "-")}]${port}`;
}

/** An address that {@linkcode writeSeed} wrote as users write it; others as they are. */
export function readSeed(address: string): string {
  const [, host, port] = /^\[([0-9a-fA-F.-]+)\](:\d+)$/.exec(address) ?? [];
  return host === undefined || port === undefined ? address : `[${host.replaceAll("-", ":")}]${port}`;
}

/** Opens sockets as kafkajs does, to seeds of IPv6 too. */
export const seedSocketFactory: ISocketFactory = ({ host, port, ssl, onConnect }: ISocketFactoryArgs) => {
  // Without brackets, as sockets want it.
  const [, seed = host] = /^\[(.*)\]:/.exec(readSeed(`${host}:${port}`)) ?? [];
  const place = { host: seed, port };
  const name = net.isIP(place.host) === 0 ? { servername: place.host } : {};
  const socket = ssl ? tls.connect({ ...place, ...name, ...ssl }, onConnect) : net.connect(place, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
  return socket;
};
