/** The console listener: health, and the API that operators and the command line use. */
@NullMarked
package dev.patron.server.console;

import org.jspecify.annotations.NullMarked;
