package dev.patron.server.page;

import gg.jte.Content;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import java.util.Map;

/** The precompiled templates of one module. They escape what they show. Thread-safe. */
public final class Templates {

    private final TemplateEngine engine;

    private Templates(TemplateEngine engine) {
        this.engine = engine;
    }

    /**
     * The templates that the build compiled into a package.
     *
     * @param packageName the package, as the module's pom names it
     * @param loader the class loader of the module
     */
    public static Templates in(String packageName, ClassLoader loader) {
        return new Templates(TemplateEngine.createPrecompiled(null, ContentType.Html, loader, packageName));
    }

    /** What a template shows for its one parameter. */
    public Content show(String template, String parameter, Object value) {
        return show(template, Map.of(parameter, value));
    }

    /** What a template shows for its parameters. */
    public Content show(String template, Map<String, Object> parameters) {
        return output -> engine.render(template, parameters, output);
    }
}
