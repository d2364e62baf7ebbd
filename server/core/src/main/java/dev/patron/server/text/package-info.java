/** Text that people write and other people read. */
@NullMarked
package dev.patron.server.text;

import org.jspecify.annotations.NullMarked;
