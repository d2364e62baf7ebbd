/** The people who sign in to the console: operators, the staff of a store, developers. */
@NullMarked
package dev.patron.server.member;

import org.jspecify.annotations.NullMarked;
