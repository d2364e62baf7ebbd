package dev.patron.sandbox.management;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How the API writes things ({@code contract.md} section 4.3). */
final class Values {

    private static final DateTimeFormatter RFC_2822 = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss Z", Locale.US)
            .withZone(ZoneOffset.UTC);

    private Values() {}

    /** v2: {@code "89.0000"}. */
    static String money(long hundredths) {
        return BigDecimal.valueOf(hundredths, 2).setScale(4).toPlainString();
    }

    /** v3: {@code 89}, a number. */
    static BigDecimal number(long hundredths) {
        return BigDecimal.valueOf(hundredths, 2);
    }

    /** v2: {@code Tue, 05 Mar 2019 21:40:11 +0000}. */
    static String date(Instant moment) {
        return RFC_2822.format(moment);
    }

    /** v2: where something is that belongs to this. */
    static Map<String, Object> subResource(Call call, String path) {
        Map<String, Object> link = new LinkedHashMap<>();
        link.put("url", "http://" + call.exchange().authority() + "/stores/" + call.storeHash() + "/v2" + path);
        link.put("resource", path);
        return link;
    }
}
