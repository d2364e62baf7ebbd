package dev.patron.server.member;

import dev.patron.server.customer.NewCustomer;
import dev.patron.server.text.VisibleText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody who becomes a member says of themselves. {@link #toString()} tells none of it.
 *
 * @param email an address as customers have it
 * @param name 1 to 200 characters that can be seen, as {@link VisibleText} has it
 * @param storeHash the store of a member of its staff; empty for every other role
 */
public record NewMember(String email, String name, Role role, Optional<String> storeHash) {

    private static final int MAX_NAME_LENGTH = 200;

    /** Takes surrounding spaces away. */
    public NewMember {
        email = email.strip();
        name = name.strip();
        if (storeHash.isPresent() != (role == Role.STAFF)) {
            throw new IllegalArgumentException("Staff, and nobody else, belongs to one store");
        }
    }

    /** Somebody who makes apps. */
    public static NewMember developer(String email, String name) {
        return new NewMember(email, name, Role.DEVELOPER, Optional.empty());
    }

    /** Somebody who runs the server. */
    public static NewMember operator(String email, String name) {
        return new NewMember(email, name, Role.OPERATOR, Optional.empty());
    }

    /** What is wrong, by form field; nothing when all is well. */
    public Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        if (VisibleText.isEmpty(name) || name.length() > MAX_NAME_LENGTH) {
            faults.put("name", "Enter your name, with 1 to 200 characters.");
        } else {
            VisibleText.fault(name).ifPresent(fault -> faults.put("name", fault));
        }
        if (!NewCustomer.isEmail(email)) {
            faults.put("email", "Enter an e-mail address such as name@example.com.");
        }
        return faults;
    }

    @Override
    public String toString() {
        return "NewMember[" + role + "]";
    }
}
