/**
 * Patron in a Spring Boot app: controllers are given the customer whom a token vouches for, or the request is refused.
 *
 * <pre>{@code
 * @PostMapping("/points")
 * Points points(CurrentCustomer customer) {
 *     return points.of(CustomerKey.of(customer));
 * }
 * }</pre>
 */
@NullMarked
package dev.patron.spring;

import org.jspecify.annotations.NullMarked;
