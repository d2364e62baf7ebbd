/** Measurements: how fast Patron signs and verifies, beside a bare Mac and other JWT libraries. */
@NullMarked
package dev.patron.benchmark;

import org.jspecify.annotations.NullMarked;
