package dev.patron.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that a controller's parameter is the customer whom the request's token vouches for. It may be left out: parameters of the type
 * {@link dev.patron.token.CurrentCustomer}, and {@code Optional} of it, are recognised by their type. Of the two, Java imports one by its
 * simple name; write the other one out, or leave the annotation out.
 *
 * <p>On a parameter of another type it is a mistake, and the first request says so.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface CurrentCustomer {}
