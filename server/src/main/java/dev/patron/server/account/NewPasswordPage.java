package dev.patron.server.account;

import dev.patron.server.secret.BearerSecret;
import java.util.Map;

/**
 * Choosing a new password by a link.
 *
 * @param minPasswordLength in characters
 * @param faults what is wrong, by form field
 */
public record NewPasswordPage(BearerSecret link, int minPasswordLength, Map<String, String> faults) {}
