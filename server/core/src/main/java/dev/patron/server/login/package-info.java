/** Customers whom an app signs in at a store, by a login token: the platform's Customer Login API. */
@NullMarked
package dev.patron.server.login;

import org.jspecify.annotations.NullMarked;
