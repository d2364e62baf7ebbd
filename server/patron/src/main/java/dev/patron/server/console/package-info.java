/** The frame of the console listener: health, members' own accounts, and what all its pages have in common. */
@NullMarked
package dev.patron.server.console;

import org.jspecify.annotations.NullMarked;
