package io.claviger.persistence;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A data source that records the statements that are prepared, with their values. */
final class StatementRecorder extends DelegatingDataSource {
  /** A statement with {@code ?}, and the values of its parameters, empty for null. */
  record RecordedStatement(String sql, Map<Integer, Optional<Object>> values) {}

  private final List<RecordedStatement> statements = new ArrayList<>();

  StatementRecorder(DataSource source) {
    super(source);
  }

  RecordedStatement last() {
    return statements.get(statements.size() - 1);
  }

  /** The first statement that was prepared since {@link #forget}. */
  RecordedStatement first() {
    return statements.get(0);
  }

  /** The statements that were prepared since {@link #forget}. */
  List<RecordedStatement> all() {
    return List.copyOf(statements);
  }

  int count() {
    return statements.size();
  }

  void forget() {
    statements.clear();
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection real = super.getConnection();
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          Object result = call(real, method, arguments);
          return method.getName().equals("prepareStatement")
              ? noting((PreparedStatement) result, String.valueOf(arguments[0]))
              : result;
        });
  }

  private PreparedStatement noting(PreparedStatement real, String sql) {
    RecordedStatement statement = new RecordedStatement(sql, new TreeMap<>());
    statements.add(statement);
    return proxy(
        PreparedStatement.class,
        (self, method, arguments) -> {
          if (method.getName().equals("setNull")) {
            statement.values.put((Integer) arguments[0], Optional.empty());
          } else if (method.getName().startsWith("set") && arguments.length >= 2) {
            statement.values.put((Integer) arguments[0], Optional.of(arguments[1]));
          }
          return call(real, method, arguments);
        });
  }

  private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            StatementRecorder.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
