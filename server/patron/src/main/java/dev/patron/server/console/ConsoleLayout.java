package dev.patron.server.console;

import dev.patron.server.member.Member;
import gg.jte.Content;
import java.util.List;
import java.util.Optional;

/**
 * A whole HTML document of the console.
 *
 * @param title the page's title, without the product's name
 * @param links what the member can go to, the current room marked
 */
public record ConsoleLayout(String title, Optional<Member> member, List<Link> links, Content main) {

    /** A room of the console. */
    public record Link(String path, String label, boolean current) {}
}
