/** Opening the database, migrating it, and running statements and transactions on it. */
@NullMarked
package dev.patron.server.sql;

import org.jspecify.annotations.NullMarked;
