/** What merchants put into the pages of their shops: scripts, their place, and which page has which. */
@NullMarked
package dev.patron.server.script;

import org.jspecify.annotations.NullMarked;
