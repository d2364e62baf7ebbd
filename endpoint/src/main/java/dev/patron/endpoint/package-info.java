/**
 * The rules of {@code /customer/current.jwt}, without a server or a framework: a request in, an answer out. Behind them stands
 * a {@link dev.patron.endpoint.Storefront}, which knows the stores, their customers and the apps.
 */
@NullMarked
package dev.patron.endpoint;

import org.jspecify.annotations.NullMarked;
