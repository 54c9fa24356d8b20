/** Hosts as Deno's rights name them: host:port. What is no address is left to the script, which refuses it. */

const HOST_PORT = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})$/;

/** True for the `host:port` of a broker: a name, an IPv4 address or an IPv6 address in brackets. */
export function isHostPort(text: string): boolean {
  const port = Number(HOST_PORT.exec(text)?.[2]);
  return port >= 1 && port <= 65_535;
}

/** The brokers of a list that is separated by commas. */
export function hostsOf(list: string): readonly string[] {
  return list.split(",").map((broker) => broker.trim()).filter(isHostPort);
}

/** Host and port of an http or https address, or of a web socket; undefined when it is none. */
export function hostPortOf(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || !/^(?:https?|wss?):$/.test(url.protocol)) return undefined;
  const host = `${url.hostname}:${url.port || (/^(?:https|wss):$/.test(url.protocol) ? 443 : 80)}`;
  return isHostPort(host) ? host : undefined;
}
