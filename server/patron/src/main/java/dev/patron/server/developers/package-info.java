/** The developer portal: the pages of {@code /developers} and the token inspector. */
@NullMarked
package dev.patron.server.developers;

import org.jspecify.annotations.NullMarked;
