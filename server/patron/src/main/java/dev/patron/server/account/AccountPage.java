package dev.patron.server.account;

import dev.patron.server.customer.Customer;
import dev.patron.server.session.Session;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the account page shows.
 *
 * @param sessions the customer's sessions, the newest first
 * @param minPasswordLength in characters
 * @param faults what is wrong with a change of password, by form field
 * @param notice what has just been done, or null
 */
public record AccountPage(
        Customer customer,
        List<Session> sessions,
        int minPasswordLength,
        Map<String, String> faults,
        @Nullable String notice) {}
