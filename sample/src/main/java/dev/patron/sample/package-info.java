/** An app as it should be: it shows customers what they bought, and lets them cancel their own subscriptions. */
@NullMarked
package dev.patron.sample;

import org.jspecify.annotations.NullMarked;
