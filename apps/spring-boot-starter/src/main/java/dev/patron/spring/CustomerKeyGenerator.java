package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.KeyGenerator;

/**
 * Keys for {@code @Cacheable(keyGenerator = "customerKeyGenerator")}: the method, and its arguments with each customer as a
 * {@link CustomerKey}. A method without a customer is refused, so that nothing of a customer is kept for everybody.
 */
public final class CustomerKeyGenerator implements KeyGenerator {

    /** A key generator; it has no state. */
    public CustomerKeyGenerator() {}

    @Override
    public Object generate(Object target, Method method, @Nullable Object... arguments) {
        List<@Nullable Object> key = new ArrayList<>();
        key.add(method.getDeclaringClass().getName() + "." + method.getName());
        boolean has = false;
        for (Object argument : arguments) {
            if (argument instanceof CurrentCustomer customer) {
                has = true;
                key.add(CustomerKey.of(customer));
            } else {
                has |= argument instanceof CustomerKey;
                key.add(argument);
            }
        }
        if (!has) {
            throw new IllegalStateException(
                    method + " has no parameter that is a CurrentCustomer or a CustomerKey: its result"
                            + " would be kept for every customer.");
        }
        return key;
    }
}
