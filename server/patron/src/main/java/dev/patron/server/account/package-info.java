/** The storefront's own pages for its customers: sign in, sign up, account, sign out. */
@NullMarked
package dev.patron.server.account;

import org.jspecify.annotations.NullMarked;
