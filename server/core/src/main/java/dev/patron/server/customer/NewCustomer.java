package dev.patron.server.customer;

import dev.patron.server.text.VisibleText;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What somebody who signs up says of themselves. {@link #toString()} tells none of it.
 *
 * @param email an address of 3 to 254 characters with one {@code @}, without spaces or control characters
 * @param firstName 1 to 100 characters that can be seen, as {@link VisibleText} has it
 * @param lastName likewise
 * @param groupId the customer group, or 0 for none
 */
public record NewCustomer(String email, String firstName, String lastName, long groupId) {

    /** As storage counts: a character beyond the Basic Multilingual Plane is two. */
    static final int MAX_EMAIL_LENGTH = 254;

    private static final int MAX_NAME_LENGTH = 100;

    private static final Pattern EMAIL =
            Pattern.compile("[^\\s\\p{Cntrl}\\p{Cf}@\"<>]{1,64}@[^\\s\\p{Cntrl}\\p{Cf}@\"<>]{1,189}");

    /** Takes surrounding spaces away. */
    public NewCustomer {
        email = email.strip();
        firstName = firstName.strip();
        lastName = lastName.strip();
    }

    /** What is wrong, by form field; nothing when all is well. */
    public Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        addFault(faults, "first_name", "first name", firstName);
        addFault(faults, "last_name", "last name", lastName);
        if (!isEmail(email)) {
            faults.put("email", "Enter an e-mail address such as name@example.com.");
        }
        return faults;
    }

    private static void addFault(Map<String, String> faults, String field, String what, String text) {
        if (VisibleText.isEmpty(text) || text.length() > MAX_NAME_LENGTH) {
            faults.put(field, "Enter your " + what + ", with 1 to 100 characters.");
        } else {
            VisibleText.fault(text).ifPresent(fault -> faults.put(field, fault));
        }
    }

    /** Whether a text has the form of an e-mail address. Some letters are longer in lower case, and an address is kept in both. */
    public static boolean isEmail(String text) {
        return Math.max(text.length(), emailKey(text).length()) <= MAX_EMAIL_LENGTH
                && EMAIL.matcher(text).matches()
                && text.codePoints().noneMatch(Character::isSpaceChar)
                && VisibleText.fault(text).isEmpty();
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
