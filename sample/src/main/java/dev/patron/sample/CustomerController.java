package dev.patron.sample;

import dev.patron.spring.CustomerKey;
import dev.patron.token.CurrentCustomer;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.servlet.ModelAndView;

/** What the shop's pages ask the app for. Each answer is for the one customer whom the token vouches for. */
@Controller
class CustomerController {

    private final RecentPurchases purchases;
    private final Subscriptions subscriptions;

    CustomerController(RecentPurchases purchases, Subscriptions subscriptions) {
        this.purchases = purchases;
        this.subscriptions = subscriptions;
    }

    /** Nobody may keep what is one customer's. */
    @ModelAttribute
    void neverKept(HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    @PostMapping("/recently-purchased")
    Object recentlyPurchased(CurrentCustomer customer, @RequestHeader(defaultValue = "") String accept) {
        return answer(accept, "recently-purchased", "products", purchases.of(customer));
    }

    @PostMapping("/subscriptions")
    Object subscriptions(CurrentCustomer customer, @RequestHeader(defaultValue = "") String accept) {
        return answer(accept, "subscriptions", "subscriptions", subscriptions.of(CustomerKey.of(customer)));
    }

    @PostMapping("/subscriptions/{id}/cancel")
    ResponseEntity<?> cancel(CurrentCustomer customer, @PathVariable long id) {
        if (subscriptions.cancel(CustomerKey.of(customer), id)) {
            return ResponseEntity.noContent().build();
        }
        // The same whether it is nobody's or somebody else's.
        return problem(HttpStatus.NOT_FOUND, "There is no such subscription.");
    }

    /** Confidential or not, nothing is shown when the store cannot be asked. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unavailable(PlatformException failed) {
        return problem(HttpStatus.SERVICE_UNAVAILABLE, "The store cannot be asked now: try again later.");
    }

    /** A block for the page, or JSON for whoever names it. */
    private static Object answer(String accept, String template, String name, List<?> list) {
        if (accept.contains(MediaType.APPLICATION_JSON_VALUE)) {
            return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(Map.of(name, list));
        }
        return new ModelAndView(template, name, list);
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatus status, String detail) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemDetail.forStatusAndDetail(status, detail));
    }
}
