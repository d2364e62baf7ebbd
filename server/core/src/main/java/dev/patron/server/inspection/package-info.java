/** What is in a token, and what the verifier says of it: for the app's developer, who wonders why it was refused. */
@NullMarked
package dev.patron.server.inspection;

import org.jspecify.annotations.NullMarked;
