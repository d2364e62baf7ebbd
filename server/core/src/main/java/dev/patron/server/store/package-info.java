/** A tenant: store hash, name, hosts; which store a host belongs to. */
@NullMarked
package dev.patron.server.store;

import org.jspecify.annotations.NullMarked;
