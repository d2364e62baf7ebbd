/** Sessions of signed-in customers: begin, find, end; the cookie. */
@NullMarked
package dev.patron.server.session;

import org.jspecify.annotations.NullMarked;
