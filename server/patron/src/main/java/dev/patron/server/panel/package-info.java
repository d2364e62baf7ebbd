/** The control panel: the pages of {@code /panel} about stores, and those of {@code /members}. */
@NullMarked
package dev.patron.server.panel;

import org.jspecify.annotations.NullMarked;
