/** The API under {@code /api/v1}: JSON for operators, members' own programs, and the command line. */
@NullMarked
package dev.patron.server.api;

import org.jspecify.annotations.NullMarked;
