/** Real servers that Patron keeps its data in, started on free ports for tests and benchmarks. */
@NullMarked
package dev.patron.engines;

import org.jspecify.annotations.NullMarked;
