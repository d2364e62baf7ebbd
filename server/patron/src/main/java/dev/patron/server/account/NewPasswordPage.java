package dev.patron.server.account;

import java.util.Map;

/**
 * Choosing a new password by a link, which the browser has in a cookie.
 *
 * @param account whose account it is, partly hidden
 * @param link the fingerprint of the link
 * @param minPasswordLength in characters
 * @param faults what is wrong, by form field
 */
public record NewPasswordPage(String account, String link, int minPasswordLength, Map<String, String> faults) {}
