/** The heart: (store, session, client id) to a token, or to the reason why not. */
@NullMarked
package dev.patron.server.issuance;

import org.jspecify.annotations.NullMarked;
