/** The connection to Valkey or Redis, one server or a cluster. What is kept there, its users say. */
@NullMarked
package dev.patron.server.valkey;

import org.jspecify.annotations.NullMarked;
