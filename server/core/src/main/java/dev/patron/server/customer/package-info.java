/** Customers of a store: their accounts, passwords and the check of both at sign-in. */
@NullMarked
package dev.patron.server.customer;

import org.jspecify.annotations.NullMarked;
