/** What the server counts and measures of itself. */
@NullMarked
package dev.patron.server.metrics;

import org.jspecify.annotations.NullMarked;
