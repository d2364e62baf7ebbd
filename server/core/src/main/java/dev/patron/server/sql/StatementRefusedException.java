package dev.patron.server.sql;

import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;

/**
 * The database is there and refuses a statement: our own mistake, answered 500 and logged each time. Nothing of the
 * transaction was written. The message tells the SQLSTATE and no value.
 */
public class StatementRefusedException extends JdbiException {

    private static final long serialVersionUID = 1L;

    private final boolean ofData;

    StatementRefusedException(SQLException cause, SqlFault fault) {
        super("The database refused a statement (SQLSTATE " + cause.getSQLState() + ")", cause);
        this.ofData = fault != SqlFault.MISTAKE;
    }

    /** Whether a value was refused; otherwise the statement could not be run at all, whatever its values. */
    public boolean isOfData() {
        return ofData;
    }

    /** The SQLSTATE: five letters and digits. */
    public String state() {
        return getCause() instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
    }
}
