package dev.patron.server.panel;

import dev.patron.server.customer.Customer;
import dev.patron.server.session.StoreSession;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the pages about customers and their sessions show. No {@link Object#toString()} tells any of it. */
public final class CustomerViews {

    private CustomerViews() {}

    /**
     * A page of customers.
     *
     * @param text what was looked for
     * @param first whether it is the first page
     * @param next the id after which the next page begins
     */
    public record Listing(
            StoreRoom room,
            String text,
            List<Customer> customers,
            boolean first,
            Optional<Long> next,
            boolean mayManage) {

        /** The link to the next page. */
        public String nextPath(long after) {
            return PanelTab.CUSTOMERS.path(room.store()) + "?after=" + after + query();
        }

        /** The link to the first page. */
        public String firstPath() {
            return PanelTab.CUSTOMERS.path(room.store()) + (text.isEmpty() ? "" : "?" + query().substring(1));
        }

        private String query() {
            return text.isEmpty() ? "" : "&q=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return "Listing[***]";
        }
    }

    /**
     * What may be said of a customer, as typed.
     *
     * @param faults what is wrong, by form field
     */
    public record CustomerForm(
            String email, String firstName, String lastName, String groupId, Map<String, String> faults) {

        static final CustomerForm EMPTY = new CustomerForm("", "", "", "0", Map.of());

        static CustomerForm of(Customer customer) {
            return new CustomerForm(
                    customer.email(),
                    customer.firstName(),
                    customer.lastName(),
                    Long.toString(customer.groupId()),
                    Map.of());
        }

        @Override
        public String toString() {
            return "CustomerForm[***]";
        }
    }

    /** Making a customer. */
    public record Creation(StoreRoom room, CustomerForm form) {}

    /**
     * One customer.
     *
     * @param sessions the newest ones that have not ended
     */
    public record One(
            StoreRoom room,
            Customer customer,
            CustomerForm form,
            List<StoreSession> sessions,
            boolean mayManage,
            boolean seesLedger) {

        /** The path of the customer's page. */
        public String path() {
            return CustomerPages.path(room.store(), customer.id());
        }

        @Override
        public String toString() {
            return "One[***]";
        }
    }

    /**
     * A page of sessions.
     *
     * @param first whether it is the first page
     * @param next where the next page begins
     */
    public record SessionListing(
            StoreRoom room,
            List<StoreSession> sessions,
            boolean first,
            Optional<StoreSession.Cursor> next,
            boolean mayManage) {}
}
