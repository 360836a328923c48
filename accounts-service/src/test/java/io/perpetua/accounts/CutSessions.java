package io.perpetua.accounts;

import io.agroal.api.AgroalDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Pools whose session the server ends just before the n-th statement, as it does when the process
 * at the other end is killed there.
 */
final class CutSessions {
    private final String url;
    private final String password;
    private int left = Integer.MAX_VALUE;
    private boolean wasCut;

    /** Of the database at {@code url}, as its superuser ends them. */
    CutSessions(String url, String password) {
        this.url = url;
        this.password = password;
    }

    /** Lets so many statements pass, and ends the session before the next one. */
    void cutAfter(int statements) {
        left = statements;
        wasCut = false;
    }

    /** Whether it came to that since. */
    boolean wasCut() {
        return wasCut;
    }

    /** The pool with such sessions. */
    AgroalDataSource of(AgroalDataSource pool) {
        return proxy(
                AgroalDataSource.class,
                (method, arguments) -> {
                    Object result = invoke(pool, method, arguments);
                    return result instanceof Connection connection ? of(connection) : result;
                });
    }

    private Connection of(Connection connection) {
        return proxy(
                Connection.class,
                (method, arguments) -> {
                    if (method.getName().equals("prepareStatement") && left-- == 0) {
                        end(connection);
                    }
                    return invoke(connection, method, arguments);
                });
    }

    private void end(Connection connection) throws SQLException {
        wasCut = true;
        int session;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            session = row.getInt(1);
        }
        try (Connection superuser = DriverManager.getConnection(url, "postgres", password);
                Statement statement = superuser.createStatement()) {
            statement.execute("select pg_terminate_backend(" + session + ", 5000)");
        }
    }

    @FunctionalInterface
    private interface Call {
        Object answer(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> call.answer(method, arguments)));
    }

    private static Object invoke(Object target, Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
