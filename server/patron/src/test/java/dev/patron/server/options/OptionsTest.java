package dev.patron.server.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.engines.Certificate;
import dev.patron.server.options.SessionsUrl.Server;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    private static final String KEY = "0123456789abcdef".repeat(4);

    @Test
    void of_nothing_hasEveryDefault() {
        Options options = Options.of(new Properties(), Map.of());

        assertThat(Options.ALL)
                .allSatisfy(option -> assertThat((Object) options.get(option)).isNotNull());
        assertThat(options.get(Options.STOREFRONT_PORT)).isEqualTo(8080);
        assertThat(options.get(Options.SESSION_IDLE_LIMIT)).isEqualTo(Duration.ofDays(7));
        assertThat(options.get(Options.MAX_BODY)).isEqualTo(65_536);
        assertThat(options.get(Options.CONSOLE_MAX_BODY)).isEqualTo(262_144);
        assertThat(options.get(Options.DATA)).isEqualTo(Path.of("./data"));
        assertThat(options.get(Options.MASTER_KEY)).isEmpty();
    }

    @Test
    void all_namesAndVariables_areDistinctAndWellFormed() {
        Set<String> names = new HashSet<>();
        Set<String> variables = new HashSet<>();
        for (Option<?> option : Options.ALL) {
            assertThat(option.name()).matches("patron(\\.[a-z]+(-[a-z]+)*)+");
            assertThat(option.environmentVariable()).matches("PATRON(_[A-Z]+)+");
            assertThat(option.purpose()).endsWith(".");
            assertThat(option.allowed()).isNotBlank();
            names.add(option.name());
            variables.add(option.environmentVariable());
        }
        assertThat(names).hasSameSizeAs(Options.ALL);
        assertThat(variables).hasSameSizeAs(Options.ALL).doesNotContain(Options.FILE_VARIABLE);
    }

    @Test
    void all_listsEveryOptionOfTheClass() throws IllegalAccessException {
        Set<Object> fields = new HashSet<>();
        for (Field field : Options.class.getFields()) {
            if (field.getType() == Option.class) {
                fields.add(field.get(null));
            }
        }
        assertThat(fields).isEqualTo(Set.copyOf(Options.ALL));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            patron.storefront.port          | 8080          | http            | is not a whole number
            patron.storefront.port          | 0             | -1              | is below 0
            patron.storefront.port          | 65535         | 65536           | is above 65535
            patron.storefront.port          | 80            | 80.0            | is not a whole number
            patron.storefront.port          | 80            | ''              | is not a whole number
            patron.console.port             | 80            | 0x50            | is not a whole number
            patron.storefront.address       | 0.0.0.0       | ''              | is empty
            patron.storefront.address       | ::1           | 127.0.0.1:80    | is not known
            patron.console.address          | localhost     | no host.invalid | is not known
            patron.http.max-connections     | 1             | 0               | is below 1
            patron.http.max-connections     | 1000000       | 1000001         | is above 1000000
            patron.http.max-connections     | 99            | 99999999999999999999 | is not a whole number
            patron.http.max-body            | 1KiB          | 1               | is not a size with a unit
            patron.http.max-body            | 16MiB         | 16MB            | is not a size with a unit
            patron.http.max-body            | 16MiB         | 17MiB           | is above 16MiB
            patron.http.max-body            | 1024B         | 1023B           | is below 1KiB
            patron.http.max-body            | 2KiB          | 2 KiB           | is not a size with a unit
            patron.http.max-body            | 2KiB          | -2KiB           | is not a size with a unit
            patron.http.max-body            | 2KiB          | 9999999999MiB   | is above 16MiB
            patron.http.idle-timeout        | 60s           | 60              | is not a duration with a unit
            patron.http.idle-timeout        | 1s            | 999ms           | is below 1s
            patron.http.idle-timeout        | 1h            | 3601s           | is above 1h
            patron.http.idle-timeout        | 60s           | 1.5m            | is not a duration with a unit
            patron.http.idle-timeout        | 60s           | 60S             | is not a duration with a unit
            patron.http.idle-timeout        | 60s           | 9999999999d     | is above 1h
            patron.http.idle-timeout        | 60s           | PT60S           | is not a duration with a unit
            patron.database.wait            | 250ms         | 249ms           | is below 250ms
            patron.sessions.idle-limit      | 2m            | 119s            | is below 2m
            patron.sessions.absolute-limit  | 3650d         | 3651d           | is above 3650d
            patron.sign-in.window           | 1d            | 25h             | is above 1d
            patron.passwords.memory         | 1MiB          | 1023KiB         | is below 1MiB
            patron.passwords.min-length     | 64            | 65              | is above 64
            patron.issuing.tokens-per-minute| 0             | -1              | is below 0
            patron.data                     | ./data        | ''              | is empty
            """)
    void of_badValue_stopsWithNameFaultAndWhatIsAllowed(String name, String good, String bad, String fault) {
        Option<?> option = option(name);
        assertThat((Object) options(name, good).get(option)).isNotNull();

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> options(name, bad))
                .withMessageStartingWith(name + " (from the configuration file): \"" + bad + "\" " + fault)
                .withMessageContaining(". Allowed is " + option.allowed() + ".");
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> Options.of(new Properties(), Map.of(option.environmentVariable(), bad)))
                .withMessageStartingWith(name + " (from the environment variable " + option.environmentVariable()
                        + "): \"" + bad + "\" " + fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secretsecret",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg",
            })
    void of_badMasterKey_isNeverEchoed(String bad) {
        assertThat(options("patron.master-key", KEY).get(Options.MASTER_KEY)).isEqualTo(KEY);
        assertThat(options("patron.master-key", KEY.toUpperCase(Locale.ROOT)).get(Options.MASTER_KEY))
                .isNotEmpty();

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> options("patron.master-key", bad))
                .withMessageStartingWith("patron.master-key (from the configuration file): The value is not 64"
                        + " hexadecimal digits. Allowed is 64 hexadecimal digits")
                .satisfies(refused -> {
                    assertThat(refused.getMessage()).doesNotContain(bad).doesNotContain(bad.substring(0, 8));
                    assertThat(refused.getCause()).isNull();
                });
    }

    @Test
    void of_surroundingSpaces_doNotCount() {
        assertThat(options("patron.storefront.port", " 8090\t").get(Options.STOREFRONT_PORT))
                .isEqualTo(8090);
    }

    @Test
    void of_environment_beatsTheFile() {
        Properties file = new Properties();
        file.setProperty("patron.storefront.port", "1111");
        file.setProperty("patron.console.port", "2222");

        Options options = Options.of(file, Map.of("PATRON_STOREFRONT_PORT", "3333"));

        assertThat(options.get(Options.STOREFRONT_PORT)).isEqualTo(3333);
        assertThat(options.get(Options.CONSOLE_PORT)).isEqualTo(2222);
    }

    @Test
    void of_unknownOption_isRefusedByName() {
        assertThat(options("patron.storefront.port", "1111")).isNotNull();

        for (String name : List.of("patron.storefront.prot", "Patron.storefront.port", "storefront.port", "")) {
            assertThatExceptionOfType(InvalidOptionException.class)
                    .isThrownBy(() -> options(name, "1111"))
                    .withMessageStartingWith("There is no option " + name + ".")
                    .withMessageContaining("docs/patron.properties");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PATRON_STOREFRONT_PROT, PATRON_STOREFRONT_PORT",
        "PATRON_STOREFRONT_PORTS, PATRON_STOREFRONT_PORT",
        "PATRON_STORE_FRONT_PORT, PATRON_STOREFRONT_PORT",
        "PATRON_SESSION_IDLE_LIMIT, PATRON_SESSIONS_IDLE_LIMIT",
        "PATRON_MASTERKEY, PATRON_MASTER_KEY",
        "PATRON_CONFIGURATIONS, PATRON_CONFIGURATION",
    })
    void of_misspeltVariable_isRefusedWithWhatIsMeant(String misspelt, String meant) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> Options.of(new Properties(), Map.of(misspelt, "a value")))
                .withMessage("There is no option for the environment variable " + misspelt + ". Is " + meant
                        + " meant? Correct or remove it.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATRON_SANDBOX_SECRET",
                "PATRON_CHROMIUM",
                "PATRON_SERVICE_HOST",
                "PATRON_PORT",
                "PATRON_PORT_8080_TCP",
                "PATRON_STOREFRONT_SERVICE_PORT",
                "STOREFRONT_PROT",
                "PATRONS_DATA",
            })
    void of_variableOfOthers_isLeftAlone(String variable) {
        assertThat(Options.of(new Properties(), Map.of(variable, "a value")).get(Options.STOREFRONT_PORT))
                .isEqualTo(8080);
    }

    @Test
    void load_namedFile_isRead(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("some.properties");
        Files.writeString(file, "# a comment\npatron.storefront.port=1111\npatron.data=./dätä\n");

        Options options = Options.load(Map.of(Options.FILE_VARIABLE, file.toString(), "PATRON_CONSOLE_PORT", "2222"));

        assertThat(options.get(Options.STOREFRONT_PORT)).isEqualTo(1111);
        assertThat(options.get(Options.CONSOLE_PORT)).isEqualTo(2222);
        assertThat(options.get(Options.DATA)).isEqualTo(Path.of("./dätä"));
    }

    @Test
    void load_unreadableFile_isRefusedByName(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("some.properties");
        Files.writeString(file, "patron.storefront.port=1111\n");
        assertThat(Options.load(Map.of(Options.FILE_VARIABLE, file.toString()))).isNotNull();

        Path missing = folder.resolve("missing.properties");
        refusedFile(missing);
        refusedFile(folder);
        Files.writeString(file, "patron.storefront.port=\\u12\n");
        refusedFile(file);
        Files.write(file, new byte[] {'a', '=', (byte) 0xff});
        refusedFile(file);
    }

    private static void refusedFile(Path file) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> Options.load(Map.of(Options.FILE_VARIABLE, file.toString())))
                .withMessageStartingWith("The configuration file " + file + " cannot be read")
                .withMessageContaining(Options.FILE_VARIABLE);
    }

    private static Options options(String name, String value) {
        Properties file = new Properties();
        file.setProperty(name, value);
        return Options.of(file, Map.of());
    }

    private static Option<?> option(String name) {
        return Options.ALL.stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example/patron?user=ada&password=hunter2",
                "jdbc:postgresql://db.example/patron?ssl=true&Password=hunter2",
                "jdbc:postgresql://ada:hunter2@db.example/patron"
            })
    void databaseUrl_withCredentials_isRefusedWithoutShowingThem(String url) {
        assertThat(options("patron.database.url", "jdbc:postgresql://db.example/patron?ssl=true")
                        .get(Options.DATABASE_URL))
                .endsWith("?ssl=true");

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> options("patron.database.url", url))
                .withMessageStartingWith("patron.database.url ")
                .withMessageContaining("patron.database.password")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void databaseUrl_ofAnotherEngine_isRefused() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> options("patron.database.url", "jdbc:mysql://db.example/patron"))
                .withMessageContaining("does not begin with jdbc:postgresql://");
    }

    @Test
    void sessionsUrl_isReadWithAllThatItMayHold() {
        assertThat(options("patron.sessions.url", "").get(Options.SESSIONS_URL)).isEmpty();
        assertThat(sessionsUrl("redis://valkey.example"))
                .isEqualTo(new SessionsUrl(false, "", "", List.of(new Server("valkey.example", 6379)), 0));
        assertThat(sessionsUrl("rediss://ada:p%2Fw%40%2B+%25@[2001:db8::1]:7000/12"))
                .isEqualTo(new SessionsUrl(true, "ada", "p/w@++%", List.of(new Server("2001:db8::1", 7000)), 12));
        assertThat(sessionsUrl("valkeys://:secret@a:1, b:2,valkeys://:secret@c"))
                .isEqualTo(new SessionsUrl(
                        true, "", "secret", List.of(new Server("a", 1), new Server("b", 2), new Server("c", 6379)), 0));
    }

    @ParameterizedTest
    @CsvSource({
        "http://a, begins with none of",
        "a:6379, begins with none of",
        "redis://, is no address",
        "redis://:hunter2@a b, is no address",
        "redis://:hunter2/x@a, is no address",
        "redis://hunter2@a, has a user without a password",
        "redis://:hunter2@a/x, has a path that is not the number of a database",
        "redis://:hunter2@a?timeout=1, has parameters",
        "'redis://:hunter2@a,rediss://:hunter2@b', names servers that are not reached alike",
        "'redis://:hunter2@a,redis://:other@b', names servers that are not reached alike",
        "'redis://:hunter2@a,', is no address",
        "redis://:hunter2@a:0, has a port that is not from 1 to 65535",
        "redis://:hunter2@a:65536, has a port that is not from 1 to 65535",
    })
    void sessionsUrl_thatIsNone_isRefusedWithoutShowingIt(String url, String fault) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> options("patron.sessions.url", url))
                .withMessageStartingWith("patron.sessions.url ")
                .withMessageContaining(fault)
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void certificates_areAFileWithCertificates(@TempDir Path folder) throws IOException {
        Path chain = Certificate.create(folder).chain();
        assertThat(options("patron.sessions.certificates", chain.toString()).get(Options.SESSIONS_CERTIFICATES))
                .contains(chain);
        assertThat(options("patron.sessions.certificates", "").get(Options.SESSIONS_CERTIFICATES))
                .isEmpty();
        Path empty = Files.writeString(folder.resolve("empty"), "");
        Path other = Files.writeString(folder.resolve("other"), "no certificate");

        Map.of(
                        folder,
                        "is no file that can be read",
                        folder.resolve("missing"),
                        "is no file that can be read",
                        empty,
                        "holds no certificate",
                        other,
                        "holds something that is no certificate in PEM")
                .forEach((file, fault) -> assertThatExceptionOfType(InvalidOptionException.class)
                        .isThrownBy(() -> options("patron.sessions.certificates", file.toString()))
                        .withMessageContaining(fault));
    }

    private static SessionsUrl sessionsUrl(String text) {
        return options("patron.sessions.url", text).get(Options.SESSIONS_URL).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1/8, has an address with bits beyond its prefix",
        "10.0.0.0/33, has a prefix that is longer than the address",
        "10.0.0.0/-8, has a prefix that is no number",
        "10.0.0.0/x, has a prefix that is no number",
        "proxy.example, has something that is no IP address",
        "10.0.0, has something that is no IP address",
    })
    void trustedProxies_thatAreNone_areRefused(String text, String fault) {
        assertThat(options("patron.trusted-proxies", "10.0.0.0/8, ::1,192.0.2.7/32, fd00::/8, 0.0.0.0/0")
                        .get(Options.TRUSTED_PROXIES))
                .hasSize(5);

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> options("patron.trusted-proxies", "10.0.0.0/8, " + text))
                .withMessageContaining(fault)
                .withMessageContaining("Allowed is addresses and networks");
    }
}
