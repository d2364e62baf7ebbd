/** Work that keeps a processor busy for long: done on few platform threads, so that requests go on beside it. */
@NullMarked
package dev.patron.server.compute;

import org.jspecify.annotations.NullMarked;
