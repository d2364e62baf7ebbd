/** The command line: a client of the console's API. */
@NullMarked
package dev.patron.server.cli;

import org.jspecify.annotations.NullMarked;
