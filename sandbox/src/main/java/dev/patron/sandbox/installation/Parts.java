package dev.patron.sandbox.installation;

import dev.patron.server.page.Pages;
import dev.patron.server.page.Templates;
import gg.jte.Content;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The templates of these pages, and parts of the console's own for them. */
public final class Parts {

    static final Templates TEMPLATES = Templates.in("dev.patron.sandbox.templates", Parts.class.getClassLoader());

    private Parts() {}

    /** A labelled field. */
    public static Content field(
            String name, String label, String value, String hint, @Nullable String fault, boolean focused) {
        Map<String, Object> parameters = new HashMap<>(Map.of(
                "name", name,
                "label", label,
                "value", value,
                "hint", hint,
                "autocomplete", "off",
                "required", name.equals("auth_callback"),
                "focused", focused));
        if (fault != null) {
            parameters.put("fault", fault);
        }
        return Pages.TEMPLATES.show("page/field.jte", parameters);
    }

    /** What is wrong with a form. */
    public static Content faults(Map<String, String> faults) {
        return Pages.TEMPLATES.show("page/faults.jte", Map.of("faults", faults));
    }
}
