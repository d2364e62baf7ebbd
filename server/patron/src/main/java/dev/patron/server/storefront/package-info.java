/** What other programs ask a store for: tokens for apps, and signing customers in by a token. */
@NullMarked
package dev.patron.server.storefront;

import org.jspecify.annotations.NullMarked;
