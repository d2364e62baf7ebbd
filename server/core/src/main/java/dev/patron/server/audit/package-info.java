/** What was disclosed to which app and what was refused: written off the request, read by store or by app. */
@NullMarked
package dev.patron.server.audit;

import org.jspecify.annotations.NullMarked;
