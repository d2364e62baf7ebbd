package dev.patron.spring;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers requests that are refused, as RFC 9457 and RFC 6750 have it. */
@RestControllerAdvice
final class Problems {

    private static final String TITLE = "The customer is not known";

    @ExceptionHandler
    ResponseEntity<ProblemDetail> answer(CustomerRefusedException refused) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.valueOf(refused.status()), refused.detail());
        problem.setTitle(TITLE);
        problem.setProperty("id", refused.id());
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(refused.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (refused.status() == HttpStatus.UNAUTHORIZED.value()) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, challenge(refused));
        }
        if (refused.status() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
            answer.header(HttpHeaders.RETRY_AFTER, "1");
        }
        return answer.body(problem);
    }

    /** RFC 6750 section 3.1: no error is told to whoever has presented nothing. */
    static String challenge(CustomerRefusedException refused) {
        return refused.id().equals("no_token") ? "Bearer" : "Bearer error=\"invalid_token\"";
    }

    /** The same by hand, for where no controller is: neither ids nor details have anything that JSON would escape. */
    static String json(CustomerRefusedException refused) {
        return "{\"title\":\"" + TITLE + "\",\"status\":" + refused.status() + ",\"detail\":\"" + refused.detail()
                + "\",\"id\":\"" + refused.id() + "\"}";
    }
}
