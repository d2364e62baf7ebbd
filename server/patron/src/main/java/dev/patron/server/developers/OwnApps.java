package dev.patron.server.developers;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.ProblemException;
import java.util.List;

/** The apps that a member gets to see: their own, or all of them for an operator. */
record OwnApps(Apps apps) {

    /** The path of the list, and of what is below it. */
    static final String PATH = "/developers/apps";

    private static final int CLIENT_ID_SEGMENT = 2;

    /** The path of an app's page. */
    static String path(App app) {
        return PATH + "/" + app.clientId();
    }

    /**
     * The app that the request's path names.
     *
     * @throws ProblemException 404, alike for an app that is not there and one that is somebody else's
     */
    App require(ConsoleRequest request, Action action) {
        return require(request, action, request.exchange().segment(CLIENT_ID_SEGMENT));
    }

    /**
     * The app with a client id.
     *
     * @throws ProblemException 404, alike for an app that is not there and one that is somebody else's
     */
    App require(ConsoleRequest request, Action action, String clientId) {
        App app = apps.find(clientId).orElseThrow(Access::noSuchObject);
        request.require(action, new Resource.OneApp(app.ownerId()));
        return app;
    }

    /**
     * All that the member gets to see, by name.
     *
     * @throws ProblemException 403 when the member is nobody who has apps
     */
    List<App> list(ConsoleRequest request) {
        if (seesAll(request)) {
            return apps.list();
        }
        request.require(Action.CREATE_APP, Resource.SERVER);
        return apps.listOf(request.member().id());
    }

    static boolean seesAll(ConsoleRequest request) {
        return request.may(Action.SEE_ALL_APPS, Resource.SERVER);
    }
}
