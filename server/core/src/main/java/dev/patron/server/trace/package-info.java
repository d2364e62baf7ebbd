/** Traces of requests, for OpenTelemetry. */
@NullMarked
package dev.patron.server.trace;

import org.jspecify.annotations.NullMarked;
