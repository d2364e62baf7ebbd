package dev.patron.server.customer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewCustomerTest {

    private static final String LONG_LABEL = "d".repeat(60);

    @Test
    void faults_ofGoodDetails_areNone() {
        assertThat(with("ada@example.com").faults()).isEmpty();
        assertThat(named("Ada").faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b",
                "ada@example.com",
                " ada@example.com\t",
                "ada+shop@example.co.uk",
                "ädä@exämple.com",
                "o'brien@example.com",
                "a&b@example.com",
                "ada@localhost",
            })
    void email_good_hasNoFault(String email) {
        assertThat(with(email).faults()).isEmpty();
        assertThat(with(email).email()).isEqualTo(email.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "@",
                "a@",
                "@b",
                "ada",
                "ada@example@com",
                "ada lovelace@example.com",
                "ada@exam ple.com",
                "ada@example.com\nBcc: x@example.com",
                "ada\u0000@example.com",
                "<ada@example.com>",
                "\"ada\"@example.com",
            })
    void email_malformed_isTheOnlyFault(String email) {
        assertThat(with("ada@example.com").faults()).isEmpty();
        assertThat(with(email).faults()).containsOnlyKeys("email");
    }

    @Test
    void email_tooLong_isAFault() {
        String most = "a".repeat(64) + "@" + "d".repeat(189);
        assertThat(most).hasSize(254);
        assertThat(with(most).faults()).isEmpty();

        assertThat(with(most + "d").faults()).containsOnlyKeys("email");
        assertThat(with("a".repeat(65) + "@" + LONG_LABEL).faults()).containsOnlyKeys("email");
    }

    @Test
    void email_longerThanStorageHasRoomFor_isAFault() {
        // Two characters of storage for each of these, and a letter that is longer in lower case.
        assertThat(with("a@" + "😀".repeat(126)).faults()).isEmpty();
        assertThat(with("a@" + "😀".repeat(127)).faults()).containsOnlyKeys("email");
        assertThat(with("a@" + "İ".repeat(126)).faults()).isEmpty();
        assertThat(with("a@" + "İ".repeat(127)).faults()).containsOnlyKeys("email");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "Zoë", "Jean Luc", "O'Brien", "山田", "x", "<b>", " Ada "})
    void name_good_hasNoFault(String name) {
        assertThat(named(name).faults()).isEmpty();
        assertThat(named(name).firstName()).isEqualTo(name.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "A\nB", "A\u0000", "A\u001bB"})
    void name_malformed_isAFault(String name) {
        assertThat(new NewCustomer("ada@example.com", name, "L", 0).faults()).containsOnlyKeys("first_name");
        assertThat(new NewCustomer("ada@example.com", "A", name, 0).faults()).containsOnlyKeys("last_name");
        assertThat(new NewCustomer("ada@example.com", name, name, 0).faults())
                .containsOnlyKeys("first_name", "last_name");
    }

    @Test
    void name_tooLong_isAFault() {
        assertThat(named("n".repeat(100)).faults()).isEmpty();
        assertThat(named("n".repeat(101)).faults()).containsOnlyKeys("first_name", "last_name");
        assertThat(named("😀".repeat(50)).faults()).isEmpty();
        assertThat(named("😀".repeat(51)).faults()).containsOnlyKeys("first_name", "last_name");
    }

    @Test
    void faults_sayWhatToDo() {
        assertThat(new NewCustomer("", "", "", 0).faults().values())
                .hasSize(3)
                .allSatisfy(fault -> assertThat(fault).startsWith("Enter ").endsWith("."));
    }

    private static NewCustomer with(String email) {
        return new NewCustomer(email, "Ada", "Lovelace", 0);
    }

    private static NewCustomer named(String name) {
        return new NewCustomer("ada@example.com", name, name, 0);
    }
}
