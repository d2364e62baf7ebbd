/** How the domain says that it does not do what was asked. */
@NullMarked
package dev.patron.server.failure;

import org.jspecify.annotations.NullMarked;
