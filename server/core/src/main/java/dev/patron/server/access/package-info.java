/** Who may do what at the console: decided here and nowhere else. */
@NullMarked
package dev.patron.server.access;

import org.jspecify.annotations.NullMarked;
