package dev.patron.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonTextTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void everyCharacter_isReadAsItWas() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            if (!Character.isSurrogate((char) c)) {
                String text = "a" + (char) c + "b";
                assertThat(JSON.readTree(JsonText.quote(text)).asString()).isEqualTo(text);
            }
        }
    }

    @Test
    void onlyWhatHasTo_isEscaped() {
        assertThat(JsonText.quote("Ä/<é>\u2028'")).isEqualTo("\"Ä/<é>\u2028'\"");
        assertThat(JsonText.quote("a\"b\\c\n")).isEqualTo("\"a\\\"b\\\\c\\u000a\"");
    }
}
