package dev.patron.sandbox.management;

import dev.patron.server.customer.Customer;
import dev.patron.server.customer.Customers;
import dev.patron.server.customer.PasswordCheck;
import dev.patron.server.http.Routes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code /v2/customers} and {@code /v3/customers}: those whom the store has now, for reading, and whether a password is theirs. */
final class CustomersResource {

    private static final String V2 = "/stores/*/v2/customers";
    private static final String V3 = "/stores/*/v3/customers";
    private static final int CUSTOMER_ID = 4;

    /** How many are read at once; a demo store has few. */
    private static final int AT_ONCE = 1000;

    private final Customers customers;

    CustomersResource(Customers customers) {
        this.customers = customers;
    }

    void addTo(Routes routes, Guard guard) {
        routes.on("GET", V2, guard.read(Version.V2, Area.CUSTOMERS, this::listV2))
                .on("GET", V2 + "/*", guard.read(Version.V2, Area.CUSTOMERS, this::showV2))
                .on("POST", V2 + "/*/validate", guard.read(Version.V2, Area.CUSTOMERS, this::validate))
                .on("GET", V3, guard.read(Version.V3, Area.CUSTOMERS, this::listV3))
                .on(
                        "POST",
                        V3 + "/validate-credentials",
                        guard.read(Version.V3, Area.CUSTOMERS, this::validateCredentials));
    }

    private List<Customer> all(Call call) {
        List<Customer> all = new ArrayList<>();
        List<Customer> some;
        do {
            some = customers.search(
                    call.storeHash(), "", all.isEmpty() ? 0 : all.getLast().id(), AT_ONCE);
            all.addAll(some);
        } while (some.size() == AT_ONCE);
        return all;
    }

    private Customer customer(Call call) {
        return customers.find(call.storeHash(), call.id(CUSTOMER_ID)).orElseThrow(Refusal::notFound);
    }

    private void listV2(Call call) {
        OptionalLong least = call.number("min_id", 0, Long.MAX_VALUE);
        OptionalLong most = call.number("max_id", 0, Long.MAX_VALUE);
        OptionalLong group = call.number("customer_group_id", 0, Long.MAX_VALUE);
        Optional<String> email = call.text("email");
        Optional<String> firstName = call.text("first_name");
        Optional<String> lastName = call.text("last_name");
        Pages.of(call)
                .answerList(
                        call,
                        all(call).stream()
                                .filter(one -> least.isEmpty() || one.id() >= least.getAsLong())
                                .filter(one -> most.isEmpty() || one.id() <= most.getAsLong())
                                .filter(one -> group.isEmpty() || one.groupId() == group.getAsLong())
                                .filter(one -> email.isEmpty() || one.email().equalsIgnoreCase(email.get()))
                                .filter(one ->
                                        firstName.isEmpty() || one.firstName().equals(firstName.get()))
                                .filter(one ->
                                        lastName.isEmpty() || one.lastName().equals(lastName.get()))
                                .toList(),
                        one -> v2(call, one));
    }

    private void showV2(Call call) {
        if (call.exchange().segment(CUSTOMER_ID).equals("count")) {
            call.answer(Map.of("count", all(call).size()));
        } else {
            call.answer(v2(call, customer(call)));
        }
    }

    private void validate(Call call) {
        Customer customer = customer(call);
        String password = required(call, call.body(), "password");
        call.answer(Map.of("success", checked(call, customer.email(), password).isPresent()));
    }

    private void listV3(Call call) {
        Optional<List<Long>> ids = call.numbers("id:in");
        Optional<List<String>> emails = call.text("email:in")
                .map(text -> Arrays.stream(text.split(",", -1))
                        .map(email -> email.strip().toLowerCase(Locale.ROOT))
                        .toList());
        Pages.of(call)
                .answerEnvelope(
                        call,
                        all(call).stream()
                                .filter(one -> ids.isEmpty() || ids.get().contains(one.id()))
                                .filter(one -> emails.isEmpty()
                                        || emails.get().contains(one.email().toLowerCase(Locale.ROOT)))
                                .toList(),
                        CustomersResource::v3);
    }

    private void validateCredentials(Call call) {
        Map<String, Object> body = call.body();
        Optional<Customer> customer = checked(call, required(call, body, "email"), required(call, body, "password"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("is_valid", customer.isPresent());
        answer.put("customer_id", customer.map(Customer::id).orElse(null));
        call.answer(answer);
    }

    private Optional<Customer> checked(Call call, String email, String password) {
        return switch (customers.check(call.storeHash(), email, password)) {
            case PasswordCheck.Right(Customer customer) -> Optional.of(customer);
            case PasswordCheck.Wrong _ -> Optional.empty();
            case PasswordCheck.TooManyAttempts(var wait) -> {
                call.exchange()
                        .with(
                                "X-Retry-After",
                                Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
                throw new Refusal(429, "Too many wrong passwords: wait as many seconds as X-Retry-After says.");
            }
        };
    }

    private static String required(Call call, Map<String, Object> body, String name) {
        if (body.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw call.invalid(name, "It is required, as a string.");
    }

    private static Map<String, Object> v2(Call call, Customer customer) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", customer.id());
        members.put("company", "");
        members.put("first_name", customer.firstName());
        members.put("last_name", customer.lastName());
        members.put("email", customer.email());
        members.put("phone", "");
        members.put("form_fields", null);
        members.put("date_created", "");
        members.put("date_modified", "");
        members.put("store_credit", Values.money(0));
        members.put("registration_ip_address", "");
        members.put("customer_group_id", customer.groupId());
        members.put("notes", "");
        members.put("tax_exempt_category", "");
        members.put("reset_pass_on_login", false);
        members.put("accepts_marketing", false);
        members.put("addresses", Values.subResource(call, "/customers/" + customer.id() + "/addresses"));
        return members;
    }

    private static Map<String, Object> v3(Customer customer) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", customer.id());
        members.put("email", customer.email());
        members.put("first_name", customer.firstName());
        members.put("last_name", customer.lastName());
        members.put("company", "");
        members.put("phone", "");
        members.put("notes", "");
        members.put("tax_exempt_category", "");
        members.put("customer_group_id", customer.groupId());
        members.put("registration_ip_address", "");
        members.put("authentication", Map.of("force_password_reset", false));
        members.put("accepts_product_review_abandoned_cart_emails", false);
        members.put("channel_ids", null);
        return members;
    }
}
