/** What the log looks like, and which request a line of it is about. */
@NullMarked
package dev.patron.server.log;

import org.jspecify.annotations.NullMarked;
