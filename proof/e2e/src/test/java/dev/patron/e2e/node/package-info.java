/** Several servers on one database, as processes, and what happens to them. */
@NullMarked
package dev.patron.e2e.node;

import org.jspecify.annotations.NullMarked;
