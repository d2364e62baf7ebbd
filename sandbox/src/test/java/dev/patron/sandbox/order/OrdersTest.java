package dev.patron.sandbox.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.sandbox.catalogue.Catalogue;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OrdersTest {

    private final Catalogue catalogue = new Catalogue();
    private final List<Order> all = new Orders(catalogue).all();

    @Test
    void orders_areTheSameEachTime() {
        assertThat(new Orders(new Catalogue()).all()).isEqualTo(all).hasSize(293);
    }

    @Test
    void orders_areOverTwoYears_inThreeCurrencies_byTime() {
        assertThat(all).isSortedAccordingTo(Comparator.comparing(Order::createdAt));
        assertThat(all).extracting(Order::id).doesNotHaveDuplicates();
        assertThat(all.getLast().createdAt()).isEqualTo(Orders.LATEST);
        assertThat(Duration.between(all.getFirst().createdAt(), Orders.LATEST).toDays())
                .isBetween(650L, 730L);
        assertThat(all.stream().map(Order::currency).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(OrderCurrency.values());
        assertThat(all.stream().flatMap(order -> order.lines().stream()).map(OrderLine::id))
                .doesNotHaveDuplicates();
    }

    @Test
    void someProducts_wereDeletedSince() {
        Set<Integer> gone = all.stream()
                .flatMap(order -> order.lines().stream())
                .map(OrderLine::productId)
                .filter(id -> catalogue.find(id).isEmpty())
                .collect(Collectors.toSet());

        assertThat(gone).isNotEmpty().allMatch(id -> id >= 901 && id <= 905);
    }

    @Test
    void demoCustomer_newestFiveProductsThatAreStillThere_areKnown() {
        List<Integer> newest = all.stream()
                .filter(order -> order.customerId() == 4927 && order.status() != OrderStatus.CANCELLED)
                .sorted(Comparator.comparingLong(Order::id).reversed())
                .flatMap(order -> order.lines().stream())
                .map(OrderLine::productId)
                .distinct()
                .filter(id -> catalogue.find(id).isPresent())
                .limit(5)
                .toList();

        assertThat(newest).containsExactly(201, 301, 102, 302, 404);
    }

    @Test
    void oneCustomer_hasNeverBoughtAnything() {
        assertThat(all).noneMatch(order -> order.customerId() == 4929);
    }
}
