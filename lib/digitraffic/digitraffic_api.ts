/**
 * What the API client needs from outside: address, clock, network and bounds.
 *
 * @module
 */

/** How to reach the train API, and every effect that a request needs: nothing here is global, so tests take no time. */
export interface DigitrafficApi {
  /** Base address, such as `https://rata.digitraffic.fi/api/v1`. */
  readonly url: string;
  /** Value of the `Digitraffic-User` header, by which the operators of the API know their clients. */
  readonly user: string;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Waits; rejects when the signal fires. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
  /** A number from 0 to below 1, for the jitter. */
  readonly random: () => number;
  /** A signal that fires after so many milliseconds: the deadline of one attempt, headers and body. */
  readonly deadline: (milliseconds: number) => AbortSignal;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Hears of each answer whose body was read, whatever its status. */
  readonly onAnswer?: (answer: AnswerHeaders) => void;
  /** Other bounds than {@linkcode DEFAULT_LIMITS}; no script sets any, tests try them where they are small. */
  readonly limits?: Partial<RequestLimits>;
}

/** What an answer says beside its body. */
export interface AnswerHeaders {
  /** As it was asked, with its query. */
  readonly url: string;
  readonly headers: Headers;
}

/** Bounds of one call; the server is not trusted to keep any. */
export interface RequestLimits {
  /** Attempts in total. */
  readonly attempts: number;
  /** Per attempt, until the last byte of the body. */
  readonly deadlineSeconds: number;
  /** After decompression. */
  readonly maxBodyBytes: number;
  /** When the server asks for a longer wait, the call fails. */
  readonly maxWaitSeconds: number;
}

/** The bounds that hold where {@linkcode DigitrafficApi.limits} is silent. */
export const DEFAULT_LIMITS: RequestLimits = {
  attempts: 5,
  deadlineSeconds: 60,
  maxBodyBytes: 256 * 1024 * 1024,
  maxWaitSeconds: 300,
};
