/** Apps that are installed at a store: consent, authorization codes, access tokens, and the callbacks of an app. */
@NullMarked
package dev.patron.sandbox.installation;

import org.jspecify.annotations.NullMarked;
