/** The deployment files, as they are: run where the programs are there, and held against the server. */
@NullMarked
package dev.patron.e2e.deploy;

import org.jspecify.annotations.NullMarked;
