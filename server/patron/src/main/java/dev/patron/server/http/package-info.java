/** What every response shares: listeners, exact routes, errors, isolation headers, limits. */
@NullMarked
package dev.patron.server.http;

import org.jspecify.annotations.NullMarked;
