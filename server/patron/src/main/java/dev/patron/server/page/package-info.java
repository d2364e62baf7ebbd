/** What every HTML page shares: templates, layout, theme, content security policy, static files. */
@NullMarked
package dev.patron.server.page;

import org.jspecify.annotations.NullMarked;
