package dev.patron.server.page;

import dev.patron.server.customer.Customer;
import dev.patron.server.secret.BearerSecret;

/** A signed-in customer who looks at a page, and the session that says so. */
public record Visitor(Customer customer, BearerSecret session) {}
