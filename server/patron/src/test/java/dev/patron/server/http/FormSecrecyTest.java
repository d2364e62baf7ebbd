package dev.patron.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FormSecrecyTest {

    @Test
    void toString_tellsNoValue() {
        Form form = Form.parse("login_email=ada%40example.com&login_pass=correct+horse+battery");

        assertThat(form.field("login_pass")).isEqualTo("correct horse battery");
        assertThat(form.toString())
                .contains("login_pass")
                .doesNotContain("horse")
                .doesNotContain("ada")
                .doesNotContain("example.com");
    }
}
