/** The management API of the demo store, which apps call with an access token. */
@NullMarked
package dev.patron.sandbox.management;

import org.jspecify.annotations.NullMarked;
