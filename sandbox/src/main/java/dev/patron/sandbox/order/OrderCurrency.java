package dev.patron.sandbox.order;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The currencies in which the demo store is paid. */
public enum OrderCurrency {
    /** The store's own. */
    USD("1.0000"),
    /** Euro. */
    EUR("0.9200"),
    /** Pounds sterling. */
    GBP("0.7900");

    private final BigDecimal rate;

    OrderCurrency(String rate) {
        this.rate = new BigDecimal(rate);
    }

    /** How much of it is one US dollar; it never changes. */
    public BigDecimal rate() {
        return rate;
    }

    /** What a price in US cents is in this currency, in hundredths. */
    long convert(long usCents) {
        return rate.multiply(BigDecimal.valueOf(usCents))
                .setScale(0, RoundingMode.HALF_EVEN)
                .longValueExact();
    }
}
