package dev.patron.token;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** A JSON text as a flat list of what it holds, by our reader and by Jackson. */
final class JsonEvents {
    private static final JsonFactory JACKSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonReader.MAX_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final List<String> events = new ArrayList<>();

    private JsonEvents() {}

    static List<String> byPatron(byte[] json, KnownStrings knownStrings) throws InvalidTokenException {
        JsonReader reader = new JsonReader("text", json, knownStrings);
        JsonEvents events = new JsonEvents();
        events.read(reader);
        reader.requireEnd();
        return events.events;
    }

    private void read(JsonReader reader) throws InvalidTokenException {
        switch (reader.peek()) {
            case OBJECT -> {
                events.add("{");
                reader.beginObject();
                for (String name = reader.nextName(); name != null; name = reader.nextName()) {
                    events.add("name " + name);
                    read(reader);
                }
                events.add("}");
            }
            case ARRAY -> {
                events.add("[");
                reader.beginArray();
                while (reader.nextElement()) {
                    read(reader);
                }
                events.add("]");
            }
            case STRING -> events.add("string " + reader.nextString());
            case NUMBER -> events.add("number " + reader.nextNumber());
            case BOOLEAN -> events.add(String.valueOf(reader.nextBoolean()));
            case NULL -> {
                reader.nextNull();
                events.add("null");
            }
        }
    }

    /** Throws {@link tools.jackson.core.JacksonException} for what Jackson refuses. */
    static List<String> byJackson(String json) {
        List<String> events = new ArrayList<>();
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), json)) {
            int depth = 0;
            do {
                var token = parser.nextToken();
                if (token == null) {
                    throw new tools.jackson.core.exc.StreamReadException(parser, "it ends too early");
                }
                switch (token) {
                    case START_OBJECT -> {
                        depth++;
                        events.add("{");
                    }
                    case START_ARRAY -> {
                        depth++;
                        events.add("[");
                    }
                    case END_OBJECT -> {
                        depth--;
                        events.add("}");
                    }
                    case END_ARRAY -> {
                        depth--;
                        events.add("]");
                    }
                    case PROPERTY_NAME -> events.add("name " + parser.getString());
                    case VALUE_STRING -> events.add("string " + parser.getString());
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> events.add("number " + parser.getString());
                    default -> events.add(parser.getString());
                }
            } while (depth > 0);
            if (parser.nextToken() != null) {
                throw new tools.jackson.core.exc.StreamReadException(parser, "something follows");
            }
        }
        return events;
    }
}
