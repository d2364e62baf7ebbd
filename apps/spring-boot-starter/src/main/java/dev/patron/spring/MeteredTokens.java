package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts tokens in {@code patron.tokens} by {@code outcome} and {@code reason}: nothing in it is about a customer. */
final class MeteredTokens implements TokenObserver {

    private static final String NAME = "patron.tokens";

    private final MeterRegistry registry;

    MeteredTokens(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void accepted(CurrentCustomer customer) {
        registry.counter(NAME, "outcome", "accepted", "reason", "none").increment();
    }

    @Override
    public void refused(String id) {
        registry.counter(NAME, "outcome", "refused", "reason", id).increment();
    }
}
