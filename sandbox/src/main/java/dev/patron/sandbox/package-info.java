/** A whole demo store to develop against: a small shop, its customers, and an app to ask for their tokens. */
@NullMarked
package dev.patron.sandbox;

import org.jspecify.annotations.NullMarked;
