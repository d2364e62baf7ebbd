package dev.patron.server.http;

import java.util.function.IntConsumer;

/**
 * What all exchanges of a listener have in common.
 *
 * @param date the time of answers
 * @param forwarding which proxies are trusted to say who sends a request to which host
 * @param answered is told the status of each answer, before it is sent
 */
record Framing(HttpDate date, Forwarding forwarding, IntConsumer answered) {}
