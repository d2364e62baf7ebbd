package dev.patron.server.account;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person or a script sees in a page, whatever its markup. */
final class Html {

    private static final Pattern INPUT = Pattern.compile("<input\\b(?:[^>\"]|\"[^\"]*\")*>");
    private static final Pattern TAG = Pattern.compile("<[a-zA-Z](?:[^>\"]|\"[^\"]*\")*>");
    private static final Pattern HANDLER = Pattern.compile("(?i)\\son[a-z]+\\s*=");
    private static final Pattern TITLE = Pattern.compile("<title>([^<]*)</title>");
    private static final Pattern PROBLEM = Pattern.compile("data-problem=\"([^\"]*)\"");
    private static final Pattern NAME = Pattern.compile("\\bname=\"([^\"]*)\"");
    private static final Pattern VALUE = Pattern.compile("\\bvalue=\"([^\"]*)\"");

    private Html() {}

    /** The values of the input fields, by name; empty for those without a value. */
    static Map<String, String> fields(String html) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher inputs = INPUT.matcher(html);
        while (inputs.find()) {
            Matcher name = NAME.matcher(inputs.group());
            if (name.find()) {
                Matcher value = VALUE.matcher(inputs.group());
                fields.put(name.group(1), value.find() ? unescape(value.group(1)) : "");
            }
        }
        return fields;
    }

    /** Tags with event handlers, which no page has: typed text broke out of its attribute. */
    static List<String> handlers(String html) {
        return TAG.matcher(html)
                .results()
                .map(tag -> tag.group().replaceAll("\"[^\"]*\"", ""))
                .filter(tag -> HANDLER.matcher(tag).find())
                .toList();
    }

    /** The page's title. */
    static String title(String html) {
        Matcher title = TITLE.matcher(html);
        if (!title.find()) {
            throw new AssertionError("Not a page with a title: " + html);
        }
        return unescape(title.group(1));
    }

    /** The id of the problem that a page shows. */
    static String problem(String html) {
        Matcher problem = PROBLEM.matcher(html);
        if (!problem.find()) {
            throw new AssertionError("Not a page about a problem: " + html);
        }
        return problem.group(1);
    }

    /** The text without tags. */
    static String text(String html) {
        return unescape(html.replaceAll("<[^>]*>", " ")).replaceAll("\\s+", " ");
    }

    private static String unescape(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
