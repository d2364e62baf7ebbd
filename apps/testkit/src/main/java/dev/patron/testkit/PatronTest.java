package dev.patron.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a store: parameters of the types {@link PatronStorefront}, {@link Tokens} and {@link MutableClock} are those of one store,
 * which is started for the class.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PatronExtension.class)
public @interface PatronTest {

    /**
     * The store's hash.
     *
     * @return {@code abc123} unless given
     */
    String storeHash() default "abc123";

    /**
     * The app's client id.
     *
     * @return a random one unless given
     */
    String clientId() default "";

    /**
     * The app's client secret.
     *
     * @return a random one unless given
     */
    String clientSecret() default "";
}
