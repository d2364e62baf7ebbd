/** Hostile clients against the server as users start it: it goes on, and others are served meanwhile. */
@NullMarked
package dev.patron.e2e.hold;

import org.jspecify.annotations.NullMarked;
