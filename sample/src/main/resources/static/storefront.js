// What the sample app puts into a shop's pages: blocks with what the signed-in customer bought, and their subscriptions.
(() => {
  const script = document.currentScript;
  const app = new URL(script.src).origin;
  const clientId = new URL(script.src).searchParams.get('client_id');

  // Only on the front page: one place is enough.
  if (location.pathname !== '/') {
    return;
  }

  // The shop serves patron.js: it asks for a token, and sends it in a header, never in an address.
  const patron = import(location.origin + '/patron.mjs');

  async function ask(path) {
    const { send } = await patron;
    const answer = await send(app + path, { clientId, headers: { Accept: 'text/html' }, credentials: 'omit' });
    return answer?.ok ? answer : null;
  }

  // What the blocks look like. They are shown without it, too, if it cannot be had.
  const stylesheet = document.createElement('link');
  stylesheet.rel = 'stylesheet';
  stylesheet.href = app + '/storefront.css';
  const styled = new Promise(resolve => {
    stylesheet.addEventListener('load', resolve);
    stylesheet.addEventListener('error', resolve);
  });
  document.head.append(stylesheet);

  // A block is there from the beginning to the end of one view: nothing of it is kept anywhere. An empty one takes no room.
  function fill(id, html) {
    const block = document.getElementById(id);
    block.innerHTML = html;
    block.hidden = html === '';
  }

  async function show(id, path) {
    const answer = await ask(path);
    const html = answer === null ? '' : await answer.text();
    await styled;
    fill(id, html);
  }

  async function cancel(button) {
    button.disabled = true;
    const answer = await ask('/subscriptions/' + button.dataset.cancel + '/cancel');
    if (answer === null) {
      button.disabled = false;
      button.textContent = 'Not cancelled: try again';
    } else {
      await show('patron-sample-subscriptions', '/subscriptions');
    }
  }

  // Below the first section of the page, purchases first.
  const main = document.querySelector('main');
  const first = main.querySelector('section');
  for (const id of ['patron-sample-subscriptions', 'patron-sample-purchases']) {
    const block = document.createElement('div');
    block.id = id;
    block.setAttribute('aria-live', 'polite');
    block.hidden = true;
    first.after(block);
  }
  main.addEventListener('click', event => {
    if (event.target.dataset.cancel) {
      cancel(event.target);
    }
  });
  const refresh = () => {
    show('patron-sample-purchases', '/recently-purchased').catch(() => {});
    show('patron-sample-subscriptions', '/subscriptions').catch(() => {});
  };
  refresh();
  // A page that comes back from memory may be another customer's by now.
  addEventListener('pageshow', event => {
    if (event.persisted) {
      for (const id of ['patron-sample-purchases', 'patron-sample-subscriptions']) {
        fill(id, '');
      }
      refresh();
    }
  });
})();
