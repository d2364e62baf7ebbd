package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** For native images: expressions such as {@code #customer.storeHash()} call methods by reflection. */
final class PatronRuntimeHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.reflection()
                .registerType(CurrentCustomer.class, MemberCategory.INVOKE_PUBLIC_METHODS)
                .registerType(CustomerKey.class, MemberCategory.INVOKE_PUBLIC_METHODS);
    }
}
