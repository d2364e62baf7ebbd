/** What the code as a whole keeps to, and the proof that breaking it is noticed. */
@NullMarked
package dev.patron.e2e.architecture;

import org.jspecify.annotations.NullMarked;
