package dev.patron.server.customer;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What somebody who signs up says of themselves. {@link #toString()} tells none of it.
 *
 * @param email an address of 3 to 254 characters with one {@code @}, without spaces or control characters
 * @param firstName 1 to 100 characters
 * @param lastName 1 to 100 characters
 * @param groupId the customer group, or 0 for none
 */
public record NewCustomer(String email, String firstName, String lastName, long groupId) {

    /** As storage counts: a character beyond the Basic Multilingual Plane is two. */
    static final int MAX_EMAIL_LENGTH = 254;

    private static final int MAX_NAME_LENGTH = 100;

    private static final Pattern EMAIL =
            Pattern.compile("[^\\s\\p{Cntrl}\\p{Cf}@\"<>]{1,64}@[^\\s\\p{Cntrl}\\p{Cf}@\"<>]{1,189}");
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\p{Cf}]+");

    /** Takes surrounding spaces away. */
    public NewCustomer {
        email = email.strip();
        firstName = firstName.strip();
        lastName = lastName.strip();
    }

    /** What is wrong, by form field; nothing when all is well. */
    public Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        if (!isName(firstName)) {
            faults.put("first_name", "Enter your first name, with 1 to 100 characters.");
        }
        if (!isName(lastName)) {
            faults.put("last_name", "Enter your last name, with 1 to 100 characters.");
        }
        if (!isEmail(email)) {
            faults.put("email", "Enter an e-mail address such as name@example.com.");
        }
        return faults;
    }

    private static boolean isName(String text) {
        return text.length() <= MAX_NAME_LENGTH && NAME.matcher(text).matches();
    }

    /** Whether a text has the form of an e-mail address. Some letters are longer in lower case, and an address is kept in both. */
    public static boolean isEmail(String text) {
        return Math.max(text.length(), emailKey(text).length()) <= MAX_EMAIL_LENGTH
                && EMAIL.matcher(text).matches();
    }

    /** What makes two addresses the same account: letters differ by more than case. */
    public static String emailKey(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "NewCustomer[***]";
    }
}
