/** How often something may be done: counted on this node, or on all nodes together where they share a Valkey. */
@NullMarked
package dev.patron.server.limit;

import org.jspecify.annotations.NullMarked;
