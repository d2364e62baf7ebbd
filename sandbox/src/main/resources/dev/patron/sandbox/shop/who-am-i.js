// The "Who am I?" card: asks for the current customer's token the way an app's script does, and explains the answer.
// Everything that comes from outside is put into the page as text.

const ENDPOINT = '/customer/current.jwt';
const APPS_ACCEPT_SECONDS = 30; // how long Patron's verifier takes a token by default
const TIMEOUT_MILLISECONDS = 10_000;
const SIGN_IN = '/login.php';
const OPEN_KEY = 'who-am-i-open';

const STATUS = {
  200: ['OK', 'The store vouches for the signed-in customer. The body of the answer is the token.'],
  400: ['Bad Request', 'The request has no usable client id. An app has to send its own, unchanged.'],
  403: ['Forbidden', 'A customer is signed in, but this app may not ask here: it is unknown, disabled, barred from this store, or asks from another site.'],
  404: ['Not Found', 'Nobody is signed in. 404 means this and nothing else: treat the visitor as a guest.'],
  429: ['Too Many Requests', 'The app asked too often. Keep the token while it is good, and ask again when it is not.'],
  503: ['Service Unavailable', 'The store cannot tell right now. This is not a sign-out: ask again in a moment.'],
};

const NO_SUCH_PAGE = ['Not Found', 'The store does not serve this address here. This says nothing about who is signed in.'];

const HEADER = {
  alg: 'How it is signed: HMAC with SHA-2, under the client secret that only the store and the app know.',
  typ: 'What it is: a JSON Web Token.',
};

const CLAIMS = {
  'customer.id': 'The customer’s number in this store. Use it together with the store hash.',
  'customer.email': 'The e-mail address of the account, readable by anyone who holds the token.',
  'customer.group_id': 'The customer group, as a string. "0" means no group.',
  iss: 'Who issued it. Always the same.',
  sub: 'Whom it is about: the store hash.',
  iat: 'When it was issued, in seconds since 1970.',
  exp: 'When it ends at the latest.',
  version: 'The version of this format.',
  aud: 'For which app: the client id. Refuse any other.',
  application_id: 'The client id, once more.',
  store_hash: 'Which store vouches. Refuse those you do not know.',
  operation: 'What the token is for. Refuse any other.',
  jti: 'A number used once, for apps that refuse to see a token twice.',
  channel_id: 'Through which channel of the store the customer came.',
};

/** An element with attributes and children; strings become text. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** The JSON object in a part of a token; throws when there is none. */
function decode(part) {
  const base64 = part.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('not an object');
  }
  return value;
}

/** The members of an object as [name, value], those of nested objects as "outer.inner". */
function flatten(object, prefix = '') {
  return Object.entries(object).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? flatten(value, `${prefix}${name}.`)
      : [[prefix + name, value]]);
}

/** The error that an answer tells, or undefined when it is none of the documented shape. */
function errorIn(body) {
  try {
    return JSON.parse(body).errors[0];
  } catch {
    return undefined;
  }
}

// A browser may forbid storage: then each page begins with the card closed.
function recallOpen() {
  try {
    return sessionStorage.getItem(OPEN_KEY) === 'yes';
  } catch {
    return false;
  }
}

function rememberOpen(open) {
  try {
    sessionStorage.setItem(OPEN_KEY, open ? 'yes' : 'no');
  } catch {
    // Not remembered.
  }
}

function seconds(count) {
  const rest = Math.max(0, count);
  return rest < 60 ? `${rest} s` : `${Math.floor(rest / 60)} min ${String(rest % 60).padStart(2, '0')} s`;
}

class Card {
  #details;
  #badge = element('p', { class: 'who-badge' });
  #askButton = element('button', { class: 'button button-quiet button-small', type: 'button' }, 'Ask again');
  #content;
  #gist;
  #announcer;
  #settings;
  #url;
  #ticker = 0;
  #asking = false;

  constructor(root) {
    this.#settings = root.dataset;
    this.#url = `${ENDPOINT}?app_client_id=${encodeURIComponent(root.dataset.clientId)}`;
    this.#details = root.querySelector('details');
    this.#content = root.querySelector('.who-content');
    this.#gist = root.querySelector('.who-gist');
    this.#announcer = root.querySelector('[role=status]');
    this.#content.before(this.#request(), element('div', { class: 'who-row' }, this.#badge, this.#askButton));
    this.#askButton.addEventListener('click', () => this.#ask());
    this.#details.addEventListener('toggle', () => this.#toggled());
    // From anywhere: the open card may lie over what has the focus.
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#details.open) {
        this.#details.open = false;
        if (root.contains(document.activeElement)) {
          root.querySelector('summary').focus();
        }
      }
    });
    for (const link of document.querySelectorAll('a[href="#who-am-i"]')) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        this.#details.open = true;
        root.querySelector('summary').focus();
      });
    }
    this.#details.open = location.hash === '#who-am-i' || (location.pathname !== SIGN_IN && recallOpen());
  }

  #toggled() {
    const open = this.#details.open;
    rememberOpen(open);
    if (open) {
      this.#ask();
    } else {
      clearInterval(this.#ticker);
      this.#tell('', '', '');
    }
  }

  async #ask() {
    if (this.#asking) {
      return;
    }
    this.#setAsking(true);
    clearInterval(this.#ticker);
    this.#tell('asking', 'Asking …', 'Asking the store …');
    this.#show();
    let response;
    let body;
    try {
      response = await fetch(this.#url, {
        headers: { Accept: '*/*' },
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      body = await response.text();
    } catch {
      this.#tell('bad', 'No answer');
      this.#show(element('p', {}, 'The store did not answer, or the connection broke. Nobody is signed out by that.'));
      return;
    } finally {
      this.#setAsking(false);
    }
    this.#answer(response, body);
  }

  #setAsking(asking) {
    this.#asking = asking;
    this.#askButton.setAttribute('aria-disabled', String(asking));
  }

  #answer(response, body) {
    const error = response.ok ? undefined : errorIn(body);
    const guest = response.status === 404 && error?.id === 'not_signed_in';
    const [name, meaning] = response.status === 404 && !guest
      ? NO_SUCH_PAGE
      : STATUS[response.status] ?? [response.statusText, 'The store does not document this status.'];
    const badge = `${response.status} ${name}`;
    const explained = element('p', {}, meaning);
    if (response.ok) {
      this.#tell('good', badge);
      this.#show(explained, ...this.#token(body.trim(), response.headers.get('Date')));
    } else if (guest) {
      this.#tell('note', badge, 'Nobody is signed in');
      this.#show(explained, this.#invitation(), this.#error(error));
    } else {
      this.#tell('bad', badge);
      this.#show(explained, this.#error(error), this.#retryAfter(response));
    }
  }

  /** The parts of the card that explain a token. */
  #token(token, date) {
    const parts = token.split('.');
    let header;
    let claims;
    try {
      if (parts.length !== 3) {
        throw new TypeError('not three parts');
      }
      header = decode(parts[0]);
      claims = decode(parts[1]);
    } catch {
      this.#tell('bad', '200, but no token');
      return [element('p', { class: 'who-fault' }, 'The answer is not a token: it does not have three parts with JSON in the first two.')];
    }
    this.#tell('good', '200 OK', `Customer ${claims.customer?.id ?? '?'}`);
    const raw = element('p', { class: 'who-token', translate: 'no' },
      element('span', { class: 'who-part-header' }, parts[0]), '.',
      element('span', { class: 'who-part-claims' }, parts[1]), '.',
      element('span', { class: 'who-part-signature' }, parts[2]));
    return [
      element('p', { class: 'who-hint' },
        element('strong', {}, 'Signed, not encrypted: '),
        'anyone holding it can read the e-mail address. Send it to your server only, never in an address.'),
      this.#clock(claims, date),
      this.#heading('The token', this.#copyButton(token)),
      element('p', { class: 'who-legend' },
        element('span', { class: 'who-part-header' }, 'header'),
        element('span', { class: 'who-part-claims' }, 'claims'),
        element('span', { class: 'who-part-signature' }, 'signature')),
      raw,
      this.#heading('Header'),
      this.#table('Header', header, HEADER),
      this.#heading('Claims'),
      this.#table('Claims', claims, CLAIMS),
      this.#heading('Signature'),
      element('p', {}, 'A page cannot check it, because that takes the client secret. Your server has to, before it believes any of the claims.'),
    ];
  }

  /** Age and time left, ticking. The store's clock counts, not the browser's. */
  #clock(claims, date) {
    const ahead = date === null || Number.isNaN(Date.parse(date)) ? 0 : Date.now() - Date.parse(date);
    const age = element('strong', {});
    const left = element('strong', {});
    const fresh = element('span', {});
    const ends = element('span', {});
    const bar = element('progress', { class: 'who-fresh', max: String(APPS_ACCEPT_SECONDS), 'aria-label': 'Seconds until apps refuse it as too old' });
    const box = element('div', { class: 'who-clock' },
      element('p', {}, 'Age ', age, fresh),
      bar,
      element('p', {}, 'Expires in ', left, ends));
    let freshBefore = true;
    const tick = () => {
      // The Date header has whole seconds, so the age may be a little below zero.
      const now = (Date.now() - (Math.abs(ahead) > 2000 ? ahead : 0)) / 1000;
      const old = Math.max(0, Math.floor(now - claims.iat));
      const rest = Math.ceil(claims.exp - now);
      age.textContent = seconds(old);
      left.textContent = seconds(rest);
      const isFresh = old <= APPS_ACCEPT_SECONDS;
      bar.value = Math.max(0, APPS_ACCEPT_SECONDS - old);
      fresh.textContent = isFresh
        ? ` · a verifier takes it for another ${seconds(APPS_ACCEPT_SECONDS - old)}`
        : ` · too old for a verifier’s default of ${APPS_ACCEPT_SECONDS} s: ask again before you send it`;
      ends.textContent = rest > 0 ? '' : ' · it has expired';
      if (freshBefore && !isFresh) {
        freshBefore = false;
        this.#announcer.textContent = `The token is older than ${APPS_ACCEPT_SECONDS} seconds now. Ask again for a new one.`;
      }
      if (rest <= 0) {
        clearInterval(this.#ticker);
        this.#tell('bad', 'Expired', 'The token has expired');
      }
    };
    this.#ticker = setInterval(tick, 1000);
    tick();
    return box;
  }

  #table(caption, object, explanations) {
    const rows = flatten(object).map(([name, value]) => {
      const shown = element('td', {}, element('code', {}, JSON.stringify(value)));
      if (name === 'iat' || name === 'exp') {
        shown.append(element('span', { class: 'who-moment' }, new Date(value * 1000).toLocaleString()));
      }
      shown.append(element('span', { class: 'who-meaning' }, explanations[name] ?? 'An extra member: verifiers ignore those that they do not know.'));
      return element('tr', {}, element('th', { scope: 'row' }, element('code', {}, name)), shown);
    });
    return element('table', {},
      element('caption', {}, element('span', { class: 'for-readers' }, `${caption}: each member with its value and meaning`)),
      element('tbody', {}, ...rows));
  }

  #invitation() {
    const here = location.pathname.endsWith('.php') ? '/account.php' : location.pathname;
    return element('div', { class: 'who-invitation' },
      element('p', {}, 'Sign in as the demo customer, then look here again:'),
      element('dl', {},
        element('dt', {}, 'E-mail'), element('dd', {}, element('code', {}, this.#settings.email)),
        element('dt', {}, 'Password'), element('dd', {}, element('code', {}, this.#settings.password))),
      element('a', { class: 'button button-small', href: `${SIGN_IN}?redirect_to=${encodeURIComponent(here)}` }, 'Sign in'));
  }

  #error(error) {
    if (error === undefined) {
      return element('p', { class: 'who-fault' }, 'The body of the answer is not the documented error.');
    }
    return element('div', { class: 'who-error' },
      element('p', {}, 'What the answer says: ', element('code', {}, String(error.id))),
      element('p', {}, `${error.title}. ${error.detail}`));
  }

  #retryAfter(response) {
    const wait = response.headers.get('Retry-After');
    return wait === null ? '' : element('p', {}, `Retry-After: ${wait} s`);
  }

  #request() {
    const [path, query] = this.#url.split('?');
    return element('p', { class: 'who-request', translate: 'no' }, element('code', {}, element('b', {}, 'GET '), path, element('wbr'), `?${query}`));
  }

  #heading(text, ...more) {
    return element('div', { class: 'who-heading' }, element('h3', {}, text), ...more);
  }

  #copyButton(token) {
    const button = element('button', { class: 'button button-quiet button-small', type: 'button' }, 'Copy');
    button.addEventListener('click', async () => {
      let outcome = 'Copied';
      try {
        await navigator.clipboard.writeText(token);
      } catch {
        getSelection().selectAllChildren(this.#content.querySelector('.who-token'));
        outcome = 'Selected';
      }
      button.textContent = outcome;
      this.#announcer.textContent = outcome === 'Copied' ? 'The token is copied.' : 'The token is selected: copy it with the keyboard.';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    return button;
  }

  #show(...parts) {
    this.#content.replaceChildren(...parts);
  }

  /** Says how it went: in the card, beside its title, and to screen readers. */
  #tell(kind, badge, gist = badge) {
    this.#details.dataset.kind = kind;
    this.#badge.className = `who-badge who-${kind}`;
    this.#badge.textContent = badge;
    this.#gist.textContent = gist;
    this.#announcer.textContent = gist;
  }
}

const root = document.getElementById('who-am-i');
if (root !== null) {
  new Card(root);
}
