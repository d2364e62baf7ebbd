/** The sandbox in a real browser. */
@NullMarked
package dev.patron.e2e.browser;

import org.jspecify.annotations.NullMarked;
