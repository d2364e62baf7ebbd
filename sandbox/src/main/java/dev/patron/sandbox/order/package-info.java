/** What the demo customers have bought. */
@NullMarked
package dev.patron.sandbox.order;

import org.jspecify.annotations.NullMarked;
