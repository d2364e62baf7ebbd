/** The wire format of Current Customer tokens; needs nothing at run time but {@code java.base}. */
module dev.patron.token {
    requires static org.jspecify;

    exports dev.patron.token;
}
