/*! Patron: who is the store's customer? Works as a classic script (globalThis.Patron); patron.mjs is the module. */
(() => {
  'use strict';
  const FRESH_FOR = 25_000;
  const known = new Map();
  let generation = 0;

  class PatronError extends Error {
    constructor(id, status, retryAfter) {
      super('No token: ' + id);
      this.name = 'PatronError';
      this.id = id;
      this.status = status;
      this.retryAfter = retryAfter;
    }
  }

  function forget() {
    generation++;
    known.clear();
  }

  // By elapsed time. The second clock counts while the machine sleeps; if somebody sets it, a token is asked for early.
  const isFresh = entry => performance.now() - entry.at < FRESH_FOR && Date.now() - entry.date < FRESH_FOR;

  async function ask(endpoint, clientId) {
    let answer;
    try {
      answer = await fetch(endpoint + '?app_client_id=' + encodeURIComponent(clientId), {
        headers: { Accept: 'application/json' },
        credentials: 'include',
        cache: 'no-store'
      });
    } catch {
      throw new PatronError('unreachable', 0);
    }
    const body = await answer.json().catch(() => ({}));
    if (answer.ok && typeof body.token === 'string') {
      return { token: body.token };
    }
    const id = body.errors?.[0]?.id;
    if (answer.status === 404 && (!id || id === 'not_signed_in')) {
      return null;
    }
    const wait = Number(answer.headers.get('Retry-After'));
    throw new PatronError(id ?? 'unexpected_answer', answer.status, wait > 0 ? wait : undefined);
  }

  async function currentCustomer({ clientId, endpoint = '/customer/current.jwt' }) {
    const key = endpoint + ' ' + clientId;
    const entry = known.get(key);
    if (entry && (!entry.at || isFresh(entry))) {
      return entry.answer;
    }
    const asked = generation;
    const waiting = { answer: ask(endpoint, clientId) };
    known.set(key, waiting);
    let customer = null;
    try {
      customer = await waiting.answer;
    } finally {
      if (known.get(key) === waiting) {
        // Only tokens are kept: who is not signed in may be by the next time.
        customer ? Object.assign(waiting, { at: performance.now() || 1, date: Date.now() }) : known.delete(key);
      }
    }
    // Somebody signed out while the store was asked: whose token is this?
    return asked === generation ? customer : currentCustomer({ clientId, endpoint });
  }

  async function send(url, { clientId, endpoint, headers, ...init }, again = true) {
    const customer = await currentCustomer({ clientId, endpoint });
    if (!customer) {
      return null;
    }
    const all = new Headers(headers);
    all.set('Authorization', 'Bearer ' + customer.token);
    const answer = await fetch(url, { method: 'POST', cache: 'no-store', ...init, headers: all });
    if (again && answer.status === 401) {
      const problem = await answer.clone().json().catch(() => ({}));
      if (problem.id === 'too_old') {
        forget();
        return send(url, { clientId, endpoint, headers, ...init }, false);
      }
    }
    return answer;
  }

  // The store's own pages say so when somebody signs in or out, in any tab.
  if (typeof BroadcastChannel === 'function') {
    const channel = new BroadcastChannel('patron');
    channel.onmessage = forget;
    channel.unref?.();
  }
  globalThis.addEventListener?.('pageshow', event => event.persisted && forget());

  globalThis.Patron = Object.freeze({ currentCustomer, send, forget, PatronError });
})();
