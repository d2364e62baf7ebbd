/** The domain, wired together once: for the program, and for tests. */
@NullMarked
package dev.patron.server.services;

import org.jspecify.annotations.NullMarked;
