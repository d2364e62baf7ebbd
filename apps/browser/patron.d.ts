/** Which app asks, and where. */
export interface Who {
  /** The app's client id. */
  clientId: string;
  /** The store's endpoint; on the store's own origin unless it is given. Default: `/customer/current.jwt`. */
  endpoint?: string;
}

/** A token of the signed-in customer: send it to your server in a header, keep it nowhere. */
export interface Customer {
  readonly token: string;
}

/** The store gives no token, though somebody may be signed in. */
export class PatronError extends Error {
  /** The store's id for it, such as `unknown_app` or `rate_limited`; `unreachable`, or `unexpected_answer`. */
  readonly id: string;
  /** The HTTP status, or 0. */
  readonly status: number;
  /** After how many seconds to try again, where the store says so. */
  readonly retryAfter?: number;
}

/**
 * The signed-in customer, or null when nobody is signed in. A token younger than 25 seconds is used again; the store is asked once,
 * however many ask at the same time.
 * @throws PatronError
 */
export function currentCustomer(who: Who): Promise<Customer | null>;

/**
 * Posts to your server with the customer's token in `Authorization`, and once more with a fresh token when it answers 401 with the id
 * `too_old`. Null, and nothing is sent, when nobody is signed in.
 * @throws PatronError when the store gives no token; what `fetch` throws when your server cannot be reached
 */
export function send(url: string | URL, init: Who & RequestInit): Promise<Response | null>;

/** Forgets tokens. It happens by itself when somebody signs in or out in any tab. */
export function forget(): void;

declare global {
  var Patron: {
    readonly currentCustomer: typeof currentCustomer;
    readonly send: typeof send;
    readonly forget: typeof forget;
    readonly PatronError: typeof PatronError;
  };
}
