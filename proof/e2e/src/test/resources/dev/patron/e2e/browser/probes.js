// Ways in which a page may try to get at what another origin answers. Each tells all that the page learns.
window.probes = {
  /** Reads with CORS, with cookies. */
  async corsFetch(url) {
    try {
      const response = await fetch(url, { mode: 'cors', credentials: 'include' });
      return { type: response.type, status: response.status, text: await response.text() };
    } catch (failure) {
      return { failure: failure.name };
    }
  },

  /** Reads without CORS, with cookies. */
  async noCorsFetch(url) {
    try {
      const response = await fetch(url, { mode: 'no-cors', credentials: 'include' });
      return { type: response.type, status: response.status, text: await response.text() };
    } catch (failure) {
      return { failure: failure.name };
    }
  },

  /** Runs it as a script, and looks for what that left behind. */
  script(url) {
    return new Promise((resolve) => {
      const before = new Set(Object.getOwnPropertyNames(window));
      const errors = [];
      window.addEventListener('error', (event) => errors.push(String(event.message)), { once: true });
      const script = document.createElement('script');
      const done = (event) => resolve({
        event: event.type,
        globals: Object.getOwnPropertyNames(window).filter((name) => !before.has(name)),
        errors,
      });
      script.onload = done;
      script.onerror = done;
      script.src = url;
      document.body.append(script);
    });
  },

  /** Shows it as a picture. */
  image(url) {
    return new Promise((resolve) => {
      const image = new Image();
      const done = (event) => resolve({ event: event.type, width: image.naturalWidth });
      image.onload = done;
      image.onerror = done;
      image.src = url;
    });
  },

  /** Frames it, and looks into the frame. */
  frame(url) {
    return new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.onload = () => resolve(window.probes.look(frame.contentWindow));
      frame.src = url;
      document.body.append(frame);
    });
  },

  /** Posts a form into a frame, and looks into the frame. */
  formIntoFrame(url) {
    return new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.name = `frame${document.querySelectorAll('iframe').length}`;
      document.body.append(frame);
      const form = document.createElement('form');
      form.method = 'post';
      form.action = url;
      form.target = frame.name;
      document.body.append(form);
      frame.onload = () => resolve(window.probes.look(frame.contentWindow));
      form.submit();
    });
  },

  /** Looks into another window. */
  look(other) {
    try {
      return { text: other.document.body.innerText };
    } catch (failure) {
      return { failure: failure.name };
    }
  },
};
