/** The storefront's side of Patron. {@link dev.patron.server.PatronServer} wires it together. */
@NullMarked
package dev.patron.server;

import org.jspecify.annotations.NullMarked;
