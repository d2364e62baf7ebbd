/** What is acknowledged survives a process that is killed. */
@NullMarked
package dev.patron.e2e.crash;

import org.jspecify.annotations.NullMarked;
