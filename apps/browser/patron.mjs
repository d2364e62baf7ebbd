import './patron.js';

export const { currentCustomer, send, forget, PatronError } = globalThis.Patron;
