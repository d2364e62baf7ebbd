/** Tests of the whole: real processes, real crashes, a real browser. */
@NullMarked
package dev.patron.e2e;

import org.jspecify.annotations.NullMarked;
