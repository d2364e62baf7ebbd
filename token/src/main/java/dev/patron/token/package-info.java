/**
 * The wire format of Current Customer tokens, once: claims, signing, verifying, and the reasons for refusing.
 *
 * <p>A token is a JWS in compact form (RFC 7515 section 7.1) whose payload is the JSON object of
 * {@link dev.patron.token.CurrentCustomerClaims}. It is signed, not encrypted: whoever holds a token can read the
 * customer's e-mail address in it.
 */
@NullMarked
package dev.patron.token;

import org.jspecify.annotations.NullMarked;
