package dev.patron.sample;

import dev.patron.spring.CustomerKey;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The app's own data about customers. Every statement has the store and the customer. */
@Repository
class Subscriptions {

    private final JdbcClient database;

    Subscriptions(JdbcClient database) {
        this.database = database;
    }

    /** A subscription. */
    record Subscription(long id, String name, String every, String status) {

        /** Whether it can be cancelled. */
        public boolean active() {
            return status.equals("active");
        }

        /** Its status as people write it. */
        public String shownStatus() {
            return status.substring(0, 1).toUpperCase(Locale.ROOT) + status.substring(1);
        }
    }

    /** Those of a customer. */
    List<Subscription> of(CustomerKey customer) {
        return database.sql("select subscription_id as id, name, every, status from subscription"
                        + " where store_hash = ? and customer_id = ? order by subscription_id")
                .param(customer.storeHash())
                .param(customer.customerId())
                .query((row, number) -> new Subscription(
                        row.getLong("id"), row.getString("name"), row.getString("every"), row.getString("status")))
                .list();
    }

    /**
     * Cancels one of a customer's.
     *
     * @return whether the customer has it
     */
    @Transactional
    public boolean cancel(CustomerKey customer, long id) {
        return database.sql("update subscription set status = 'cancelled'"
                                + " where subscription_id = ? and store_hash = ? and customer_id = ?")
                        .param(id)
                        .param(customer.storeHash())
                        .param(customer.customerId())
                        .update()
                == 1;
    }
}
