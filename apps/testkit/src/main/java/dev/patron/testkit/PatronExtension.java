package dev.patron.testkit;

import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link PatronTest} stands for. */
final class PatronExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(PatronExtension.class);

    PatronExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        PatronTest asked = findAnnotation(context.getRequiredTestClass())
                .orElseThrow(() -> new IllegalStateException("The class has no @PatronTest"));
        TestApp random = TestApp.random();
        PatronStorefront store = PatronStorefront.builder()
                .storeHash(asked.storeHash())
                .app(new TestApp(
                        asked.clientId().isEmpty() ? random.clientId() : asked.clientId(),
                        asked.clientSecret().isEmpty() ? random.clientSecret() : asked.clientSecret()))
                .build()
                .start();
        context.getStore(NAMESPACE).put(context.getRequiredTestClass(), store);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        PatronStorefront store =
                context.getStore(NAMESPACE).remove(context.getRequiredTestClass(), PatronStorefront.class);
        if (store != null) {
            store.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type.equals(PatronStorefront.class) || type.equals(Tokens.class) || type.equals(MutableClock.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        PatronStorefront store = Objects.requireNonNull(
                context.getStore(NAMESPACE).get(context.getRequiredTestClass(), PatronStorefront.class));
        Class<?> type = parameter.getParameter().getType();
        if (type.equals(Tokens.class)) {
            return store.tokens();
        }
        return type.equals(MutableClock.class) ? store.clock() : store;
    }

    private static Optional<PatronTest> findAnnotation(Class<?> type) {
        return Optional.ofNullable(type.getAnnotation(PatronTest.class));
    }
}
