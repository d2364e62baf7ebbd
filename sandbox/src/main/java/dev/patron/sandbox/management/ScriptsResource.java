package dev.patron.sandbox.management;

import dev.patron.server.http.Json;
import dev.patron.server.http.Routes;
import dev.patron.server.script.InvalidScriptException;
import dev.patron.server.script.Script;
import dev.patron.server.script.Scripts;
import dev.patron.server.sql.Database;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/**
 * {@code /v3/content/scripts}: what an app puts into the pages of the shop. It sees and changes its own scripts only; the merchant sees
 * all of them in the script manager.
 */
final class ScriptsResource {

    private static final String PATH = "/stores/*/v3/content/scripts";
    private static final int UUID_SEGMENT = 5;
    private static final int MAX_PER_APP = 10;
    private static final String OWN =
            "select a.uuid, a.script_id, a.fields, s.created_at, s.updated_at from app_script a"
                    + " join script s on s.script_id = a.script_id where a.store_hash = ? and a.client_id = ?";

    private final Database database;
    private final Scripts scripts;

    ScriptsResource(Database database, Scripts scripts) {
        this.database = database;
        this.scripts = scripts;
    }

    private record Own(String uuid, long scriptId, ScriptFields fields, String createdAt, String updatedAt) {}

    void addTo(Routes routes, Guard guard) {
        routes.on("GET", PATH, guard.read(Version.V3, Area.CONTENT, this::list))
                .on("POST", PATH, guard.change(Version.V3, Area.CONTENT, this::create))
                .on("GET", PATH + "/*", guard.read(Version.V3, Area.CONTENT, this::show))
                .on("PUT", PATH + "/*", guard.change(Version.V3, Area.CONTENT, this::update))
                .on("DELETE", PATH + "/*", guard.change(Version.V3, Area.CONTENT, this::remove));
    }

    private void list(Call call) {
        List<Own> all = database.with(handle -> handle.createQuery(OWN + " order by s.script_id")
                .bind(0, call.storeHash())
                .bind(1, call.grant().clientId())
                .map((RowView row) -> own(row))
                .list());
        Pages.of(call).answerEnvelope(call, all, own -> members(call, own));
    }

    private void show(Call call) {
        answer(call, database.with(handle -> find(handle, call)).orElseThrow(Refusal::notFound));
    }

    private void create(Call call) {
        ScriptFields fields = ScriptFields.of(call.body());
        String uuid = UUID.randomUUID().toString();
        Own made = checked(() -> database.transaction(handle -> {
            // The script first: that locks the store, so that two additions are counted one after the other.
            Script script =
                    scripts.create(handle, call.storeHash(), fields.details()).orElseThrow(Refusal::notFound);
            int already = handle.createQuery("select count(*) from app_script where store_hash = ? and client_id = ?")
                    .bind(0, call.storeHash())
                    .bind(1, call.grant().clientId())
                    .mapTo(Integer.class)
                    .one();
            if (already >= MAX_PER_APP) {
                throw Refusal.invalid("scripts", "An app has at most " + MAX_PER_APP + " scripts at a store.");
            }
            handle.execute(
                    "insert into app_script (uuid, script_id, store_hash, client_id, fields) values (?, ?, ?, ?, ?)",
                    uuid,
                    script.id(),
                    call.storeHash(),
                    call.grant().clientId(),
                    text(fields));
            return find(handle, call, uuid).orElseThrow();
        }));
        answer(call, made);
    }

    private void update(Call call) {
        Map<String, Object> body = call.body();
        Own changed = checked(() -> database.transaction(handle -> {
            Own own = find(handle, call).orElseThrow(Refusal::notFound);
            ScriptFields fields = own.fields().changed(body);
            scripts.update(handle, call.storeHash(), own.scriptId(), OptionalLong.empty(), _ -> fields.details());
            handle.execute("update app_script set fields = ? where uuid = ?", text(fields), own.uuid());
            return find(handle, call).orElseThrow();
        }));
        answer(call, changed);
    }

    private void remove(Call call) {
        database.transaction(handle -> {
            Own own = find(handle, call).orElseThrow(Refusal::notFound);
            return handle.execute(
                    "delete from script where store_hash = ? and script_id = ?", call.storeHash(), own.scriptId());
        });
        call.answerNothing();
    }

    private static Optional<Own> find(Handle handle, Call call) {
        return find(handle, call, call.exchange().segment(UUID_SEGMENT));
    }

    private static Optional<Own> find(Handle handle, Call call, String uuid) {
        return handle.createQuery(OWN + " and a.uuid = ?")
                .bind(0, call.storeHash())
                .bind(1, call.grant().clientId())
                .bind(2, uuid)
                .map((RowView row) -> own(row))
                .findOne();
    }

    private static Own own(RowView row) {
        return new Own(
                row.getColumn("uuid", String.class),
                row.getColumn("script_id", Long.class),
                ScriptFields.kept(
                        Json.readObject(row.getColumn("fields", String.class).getBytes(StandardCharsets.UTF_8))),
                row.getColumn("created_at", java.time.OffsetDateTime.class)
                        .toInstant()
                        .toString(),
                row.getColumn("updated_at", java.time.OffsetDateTime.class)
                        .toInstant()
                        .toString());
    }

    private static String text(ScriptFields fields) {
        return new String(Json.write(fields.members()), StandardCharsets.UTF_8);
    }

    private static void answer(Call call, Own own) {
        call.answer(Map.of("data", members(call, own), "meta", Map.of()));
    }

    private static Map<String, Object> members(Call call, Own own) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("uuid", own.uuid());
        members.putAll(own.fields().members());
        members.put("api_client_id", call.grant().clientId());
        members.put("date_created", own.createdAt());
        members.put("date_modified", own.updatedAt());
        return members;
    }

    private static <T> T checked(java.util.function.Supplier<T> work) {
        try {
            return work.get();
        } catch (InvalidScriptException invalid) {
            throw Refusal.invalid(invalid.member(), invalid.detail());
        }
    }
}
