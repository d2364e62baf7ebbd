/** The pages of the demo shop. */
@NullMarked
package dev.patron.sandbox.shop;

import org.jspecify.annotations.NullMarked;
