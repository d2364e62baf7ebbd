/** Secrets that let their bearer in, and what storage keeps of them. */
@NullMarked
package dev.patron.server.secret;

import org.jspecify.annotations.NullMarked;
