/** For tests of apps: any token, good or broken, at any time, and a storefront in the test's own process. */
@NullMarked
package dev.patron.testkit;

import org.jspecify.annotations.NullMarked;
