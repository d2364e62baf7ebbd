package dev.patron.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormFieldsTest {

    @Test
    void values_areDecoded_inTheirOrder() {
        assertThat(FormFields.values("a=1&b=x&a=%C3%A9+%26&&a&%61=2=3", "a")).containsExactly("1", "é &", "", "2=3");
        assertThat(FormFields.values("", "a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%x1", "%G0=1"})
    void whatCannotBeDecoded_isRefused(String encoded) {
        assertThat(FormFields.values("a=%25", "a")).containsExactly("%");

        assertThatThrownBy(() -> FormFields.values(encoded, "a"))
                .isInstanceOf(MalformedFieldsException.class)
                .hasMessageContaining("x-www-form-urlencoded");
    }

    @Test
    void tooManyFields_areRefused() {
        assertThat(FormFields.values("a&".repeat(FormFields.MOST_FIELDS), "a")).hasSize(FormFields.MOST_FIELDS);

        assertThatThrownBy(() -> FormFields.values("a&".repeat(FormFields.MOST_FIELDS + 1), "a"))
                .isInstanceOf(MalformedFieldsException.class)
                .hasMessageContaining("more than 100 fields");
    }
}
