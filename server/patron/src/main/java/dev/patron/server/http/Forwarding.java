package dev.patron.server.http;

import dev.patron.server.options.ForwardedHeader;
import dev.patron.server.options.Network;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the proxies on the way say about a request: who sent it to the first of them, and to which host. Each adds to what
 * the one before it has said, so the list is read from its end, and only as far as it was written by proxies that are
 * trusted. Immutable and thread-safe.
 */
final class Forwarding {

    /** One step on the way: whoever sent the request to a proxy, and the host that they named. */
    private record Step(Optional<InetAddress> sender, Optional<String> host) {}

    private final List<Network> trusted;
    private final ForwardedHeader header;

    Forwarding(List<Network> trusted, ForwardedHeader header) {
        this.trusted = List.copyOf(trusted);
        this.header = header;
    }

    /** Who sent the request to the first trusted proxy, or to this server. */
    InetAddress sender(InetAddress peer, Exchange exchange) {
        if (!isTrusted(peer)) {
            return peer;
        }
        InetAddress sender = peer;
        for (Step step : steps(exchange).reversed()) {
            if (step.sender().isEmpty()) {
                // Hidden, or no address: nothing before it can be believed.
                return sender;
            }
            sender = step.sender().get();
            if (!isTrusted(sender)) {
                return sender;
            }
        }
        return sender;
    }

    /** The host that the proxy next to this server was asked for, if it is trusted and says so. */
    Optional<String> host(InetAddress peer, Exchange exchange) {
        if (!isTrusted(peer)) {
            return Optional.empty();
        }
        if (header == ForwardedHeader.X_FORWARDED) {
            return exchange.header("X-Forwarded-Host")
                    .map(list -> list.substring(list.lastIndexOf(',') + 1).strip())
                    .filter(host -> !host.isEmpty());
        }
        List<Step> steps = steps(exchange);
        return steps.isEmpty() ? Optional.empty() : steps.getLast().host();
    }

    /** Whether somebody may say who asked whom. */
    boolean isTrusted(InetAddress address) {
        for (Network network : trusted) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private List<Step> steps(Exchange exchange) {
        List<Step> steps = new ArrayList<>();
        if (header == ForwardedHeader.X_FORWARDED) {
            exchange.header("X-Forwarded-For")
                    .ifPresent(list ->
                            split(list, ',').forEach(sender -> steps.add(new Step(address(sender), Optional.empty()))));
        } else {
            exchange.header("Forwarded")
                    .ifPresent(list -> split(list, ',').forEach(element -> steps.add(step(element))));
        }
        return steps;
    }

    private static Step step(String element) {
        Optional<InetAddress> sender = Optional.empty();
        Optional<String> host = Optional.empty();
        for (String pair : split(element, ';')) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                String value = unquoted(pair.substring(equals + 1).strip());
                switch (pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
                    case "for" -> sender = address(value);
                    case "host" -> host = Optional.of(value);
                    default -> {
                        // The proxy's own address and the scheme: the store itself says whether it is https.
                    }
                }
            }
        }
        return new Step(sender, host);
    }

    /** An address, with or without a port; names and what hides an address are none. */
    private static Optional<InetAddress> address(String text) {
        String node = text.strip();
        if (node.startsWith("[") && node.contains("]")) {
            node = node.substring(1, node.indexOf(']'));
        } else if (node.indexOf(':') == node.lastIndexOf(':') && node.contains(":")) {
            node = node.substring(0, node.indexOf(':'));
        }
        return Network.literal(node);
    }

    /** The parts of a list, without empty ones; what stands in quotes is not taken apart. */
    private static List<String> split(String list, char separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < list.length(); i++) {
            char letter = list.charAt(i);
            if (letter == '"') {
                quoted = !quoted;
            }
            if (letter == separator && !quoted) {
                add(parts, part);
            } else {
                part.append(letter);
            }
        }
        add(parts, part);
        return parts;
    }

    private static void add(List<String> parts, StringBuilder part) {
        if (!part.toString().isBlank()) {
            parts.add(part.toString().strip());
        }
        part.setLength(0);
    }

    private static String unquoted(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
