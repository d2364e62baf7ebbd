package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;

/** Which parameters of controllers are customers. */
final class CustomerParameter {

    private CustomerParameter() {}

    static boolean is(MethodParameter parameter) {
        boolean customer = isCustomer(parameter);
        if (!customer && parameter.hasParameterAnnotation(dev.patron.spring.CurrentCustomer.class)) {
            throw new IllegalStateException("@CurrentCustomer is on a parameter of type "
                    + parameter.getParameterType().getName() + "; it belongs on " + CurrentCustomer.class.getName()
                    + " or Optional of it.");
        }
        return customer;
    }

    /** Whether the parameter's type says so. */
    static boolean isCustomer(MethodParameter parameter) {
        return parameter.nestedIfOptional().getNestedParameterType().equals(CurrentCustomer.class);
    }

    /** What the controller is given. */
    static Object value(
            MethodParameter parameter, Optional<CurrentCustomer> found, CustomerAuthenticator authenticator) {
        if (parameter.isOptional() && parameter.getParameterType().equals(Optional.class)) {
            return found;
        }
        return found.orElseThrow(authenticator::nothingPresented);
    }

    /** A header or a part of an address that may be missing. */
    static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
