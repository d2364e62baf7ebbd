package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Action;
import dev.patron.server.account.AccountPages;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.Customers;
import dev.patron.server.customer.EmailTakenException;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.customer.PasswordLinks;
import dev.patron.server.customer.Passwords;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.store.Store;
import dev.patron.server.store.Storefronts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/stores/{store_hash}/customers}: the customers of a store. */
final class CustomersApi {

    private static final String CUSTOMERS = "/customers";
    private static final String LIST = StoresApi.PATH + "/*" + CUSTOMERS;
    private static final String ONE = LIST + "/*";
    private static final int CUSTOMER_ID = 5;
    private static final Set<String> DETAILS = Set.of("first_name", "last_name", "group_id");
    private static final Problem NO_SUCH_CUSTOMER = new Problem(
            404,
            "no_such_customer",
            "This store has no customer with this id",
            "List the store's customers to see their ids.");
    private static final Problem EMAIL_TAKEN = new Problem(
            409,
            "email_taken",
            "The store has a customer with this e-mail address",
            "Nothing was changed. Find that customer by q, and change them.");

    private final Storefronts storefronts;
    private final Customers customers;
    private final Passwords passwords;
    private final PasswordLinks links;

    CustomersApi(Storefronts storefronts, Customers customers, Passwords passwords, PasswordLinks links) {
        this.storefronts = storefronts;
        this.customers = customers;
        this.passwords = passwords;
        this.links = links;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", LIST, guard.store(Action.SEE_STORE, this::list))
                .on("POST", LIST, guard.withStore(Action.MANAGE_CUSTOMERS, this::create))
                .on("GET", ONE, guard.store(Action.SEE_STORE, this::show))
                .on("PATCH", ONE, guard.store(Action.MANAGE_CUSTOMERS, this::update))
                .on("DELETE", ONE, guard.store(Action.MANAGE_CUSTOMERS, this::erase))
                .on("POST", ONE + "/password-links", guard.withStore(Action.MANAGE_CUSTOMERS, this::link))
                .on("DELETE", ONE + "/sessions", guard.store(Action.MANAGE_CUSTOMERS, this::endSessions));
    }

    private void list(Exchange exchange) {
        Paging paging = Paging.of(exchange);
        long after = paging.start(
                0L, text -> text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty());
        String wanted = Paging.parameter(exchange, "q").orElse("");
        List<Customer> found =
                customers.search(exchange.segment(StoresApi.STORE_HASH), wanted, after, paging.limit() + 1);
        boolean more = found.size() > paging.limit();
        List<Customer> shown = more ? found.subList(0, paging.limit()) : found;
        paging.answer(
                exchange,
                "customers",
                shown.stream().map(CustomersApi::members).toList(),
                more ? Long.toString(shown.getLast().id()) : null);
    }

    private void create(Exchange exchange, Store store) {
        Body body = Body.of(exchange, Set.of("email", "first_name", "last_name", "group_id", "password"));
        NewCustomer details = checked(new NewCustomer(
                body.requiredText("email"),
                body.requiredText("first_name"),
                body.requiredText("last_name"),
                groupId(body).orElse(0L)));
        Optional<String> password = body.text("password");
        password.flatMap(passwords::fault).ifPresent(fault -> {
            throw Body.invalid("password: " + fault);
        });
        try {
            // Without a password nobody knows one: the customer chooses it by the link.
            Customer made = customers.create(
                    store.hash(),
                    details,
                    passwords.hash(
                            password.orElseGet(() -> BearerSecret.create().reveal())));
            Map<String, Object> members = members(made);
            if (password.isEmpty()) {
                members.put("password_link", linkMembers(store, made));
            }
            exchange.with("Location", StoresApi.PATH + "/" + store.hash() + CUSTOMERS + "/" + made.id());
            Revisions.tag(exchange, made.revision()).sendJson(201, Json.write(members));
        } catch (EmailTakenException taken) {
            throw new ProblemException(EMAIL_TAKEN);
        }
    }

    private void show(Exchange exchange) {
        answer(exchange, customer(exchange));
    }

    private void update(Exchange exchange) {
        Body body = Body.of(exchange, Set.of("first_name", "last_name", "group_id", "disabled"));
        Optional<Boolean> disabled = body.flag("disabled");
        if (disabled.isEmpty() && DETAILS.stream().noneMatch(body::has)) {
            throw Body.invalid("There is nothing to change: first_name, last_name, group_id or disabled.");
        }
        if (disabled.isPresent() && DETAILS.stream().anyMatch(body::has)) {
            throw Body.invalid("disabled is changed by itself: send it without other members.");
        }
        Customer customer = customer(exchange);
        try {
            Optional<Customer> changed = disabled.isPresent()
                    ? customers.setDisabled(
                            customer.storeHash(), customer.id(), Revisions.expected(exchange), disabled.get())
                    : customers.update(
                            customer.storeHash(),
                            customer.id(),
                            Revisions.expected(exchange),
                            details -> checked(new NewCustomer(
                                    details.email(),
                                    body.text("first_name").orElse(details.firstName()),
                                    body.text("last_name").orElse(details.lastName()),
                                    groupId(body).orElse(details.groupId()))));
            answer(exchange, changed.orElseThrow(() -> new ProblemException(NO_SUCH_CUSTOMER)));
        } catch (RevisionConflictException conflict) {
            throw Revisions.refusal(conflict);
        }
    }

    private void erase(Exchange exchange) {
        Customer customer = customer(exchange);
        if (!customers.erase(customer.storeHash(), customer.id())) {
            throw new ProblemException(NO_SUCH_CUSTOMER);
        }
        exchange.send(204);
    }

    private void link(Exchange exchange, Store store) {
        exchange.sendJson(201, Json.write(linkMembers(store, customer(exchange))));
    }

    private void endSessions(Exchange exchange) {
        customers.signOutEverywhere(customer(exchange));
        exchange.send(204);
    }

    private Map<String, Object> linkMembers(Store store, Customer customer) {
        PasswordLinks.Link link = links.create(customer);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("url", storefronts.url(store, AccountPages.resetPath(link.secret())));
        members.put("expires_at", link.expiresAt().toString());
        return members;
    }

    private Customer customer(Exchange exchange) {
        String text = exchange.segment(CUSTOMER_ID);
        return Optional.of(text)
                .filter(id -> id.matches("[1-9][0-9]{0,17}"))
                .flatMap(id -> customers.find(exchange.segment(StoresApi.STORE_HASH), Long.parseLong(id)))
                .orElseThrow(() -> new ProblemException(NO_SUCH_CUSTOMER));
    }

    private static NewCustomer checked(NewCustomer details) {
        details.faults().forEach((member, fault) -> {
            throw Body.invalid(member + ": " + fault);
        });
        return details;
    }

    private static Optional<Long> groupId(Body body) {
        return body.number("group_id").map(number -> {
            if (number < 0) {
                throw Body.invalid("group_id must be the number of a customer group, or 0 for none.");
            }
            return number.longValue();
        });
    }

    private static void answer(Exchange exchange, Customer customer) {
        Revisions.tag(exchange, customer.revision()).sendJson(200, Json.write(members(customer)));
    }

    private static Map<String, Object> members(Customer customer) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", customer.id());
        members.put("store_hash", customer.storeHash());
        members.put("email", customer.email());
        members.put("first_name", customer.firstName());
        members.put("last_name", customer.lastName());
        members.put("group_id", customer.groupId());
        members.put("disabled", customer.disabled());
        members.put("revision", customer.revision());
        return members;
    }
}
