/** What an operator may set: every option with its name, unit, bounds and default, read once at the start. */
@NullMarked
package dev.patron.server.options;

import org.jspecify.annotations.NullMarked;
