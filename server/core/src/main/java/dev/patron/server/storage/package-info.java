/** What engines that keep things have in common: who is let in, and what is said when one does not answer. */
@NullMarked
package dev.patron.server.storage;

import org.jspecify.annotations.NullMarked;
