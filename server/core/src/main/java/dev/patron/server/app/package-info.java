/** Registered apps: client id, secrets and their states, and what an app may see. */
@NullMarked
package dev.patron.server.app;

import org.jspecify.annotations.NullMarked;
