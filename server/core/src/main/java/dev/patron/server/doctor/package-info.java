/** What {@code ./patron doctor} looks at: a deployment from outside, as browsers reach it, and the server's own state. */
@NullMarked
package dev.patron.server.doctor;

import org.jspecify.annotations.NullMarked;
