package io.claviger.persistence.shared;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/**
 * A row, or those columns of a row that have the same prefix. Statements that join several tables
 * give each table's columns a prefix.
 */
public final class Row {
  private final ResultSet columns;
  private final String prefix;

  private Row(ResultSet columns, String prefix) {
    this.columns = columns;
    this.prefix = prefix;
  }

  public static Row of(ResultSet columns) {
    return new Row(columns, "");
  }

  /** Creates an object from a row. */
  @FunctionalInterface
  public interface Meaning<T> {
    T of(Row row) throws SQLException;
  }

  /** Returns a mapper that converts each row of a result to an object. */
  public static <T> RowMapper<T> mapper(Meaning<T> meaning) {
    return (columns, number) -> meaning.of(of(columns));
  }

  /**
   * Returns the columns whose names begin with the prefix of this row, followed by {@code
   * beginning}.
   */
  public Row part(String beginning) {
    return new Row(columns, prefix + beginning);
  }

  public boolean has(String column) throws SQLException {
    return columns.getObject(name(column)) != null;
  }

  public String text(String column) throws SQLException {
    return required(column, columns.getString(name(column)));
  }

  public Optional<String> optionalText(String column) throws SQLException {
    return Optional.ofNullable(columns.getString(name(column)));
  }

  /** Reads an enum constant, which is stored as its name in lower case. */
  public <E extends Enum<E>> E constant(String column, Class<E> type) throws SQLException {
    return constantOf(text(column), type);
  }

  /**
   * Reads an enum constant, which is stored as its name in lower case; empty if the column is null.
   */
  public <E extends Enum<E>> Optional<E> optionalConstant(String column, Class<E> type)
      throws SQLException {
    return optionalText(column).map(stored -> constantOf(stored, type));
  }

  private static <E extends Enum<E>> E constantOf(String stored, Class<E> type) {
    return Enum.valueOf(type, stored.toUpperCase(Locale.ROOT));
  }

  public UUID uuid(String column) throws SQLException {
    return required(column, columns.getObject(name(column), UUID.class));
  }

  public Optional<UUID> optionalUuid(String column) throws SQLException {
    return Optional.ofNullable(columns.getObject(name(column), UUID.class));
  }

  /** Reads the reference of the instance whose owner and handle the row has. */
  public Instance.Ref instanceRef() throws SQLException {
    return new Instance.Ref(new Handle(text("owner_handle")), new Handle(text("handle")));
  }

  public boolean flag(String column) throws SQLException {
    return required(column, columns.getObject(name(column), Boolean.class));
  }

  public Optional<Boolean> optionalFlag(String column) throws SQLException {
    return Optional.ofNullable(columns.getObject(name(column), Boolean.class));
  }

  public int number(String column) throws SQLException {
    return required(column, columns.getObject(name(column), Integer.class));
  }

  public Optional<Integer> optionalNumber(String column) throws SQLException {
    return Optional.ofNullable(columns.getObject(name(column), Integer.class));
  }

  public long bigNumber(String column) throws SQLException {
    return required(column, columns.getObject(name(column), Long.class));
  }

  public OptionalLong optionalBigNumber(String column) throws SQLException {
    Long number = columns.getObject(name(column), Long.class);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  public Instant instant(String column) throws SQLException {
    return required(column, columns.getObject(name(column), OffsetDateTime.class)).toInstant();
  }

  public Optional<Instant> optionalInstant(String column) throws SQLException {
    return Optional.ofNullable(columns.getObject(name(column), OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  public byte[] bytes(String column) throws SQLException {
    return required(column, columns.getBytes(name(column)));
  }

  public Optional<byte[]> optionalBytes(String column) throws SQLException {
    return Optional.ofNullable(columns.getBytes(name(column)));
  }

  public List<String> texts(String column) throws SQLException {
    return optionalTexts(column).orElseThrow(() -> absent(column));
  }

  public Optional<List<String>> optionalTexts(String column) throws SQLException {
    Array array = columns.getArray(name(column));
    return array == null ? Optional.empty() : Optional.of(List.of((String[]) array.getArray()));
  }

  public List<UUID> uuids(String column) throws SQLException {
    return List.of((UUID[]) required(column, columns.getArray(name(column))).getArray());
  }

  public List<Integer> numbers(String column) throws SQLException {
    return List.of((Integer[]) required(column, columns.getArray(name(column))).getArray());
  }

  public List<Long> bigNumbers(String column) throws SQLException {
    return List.of((Long[]) required(column, columns.getArray(name(column))).getArray());
  }

  public List<Double> decimals(String column) throws SQLException {
    return List.of((Double[]) required(column, columns.getArray(name(column))).getArray());
  }

  /** Returns the numbers of an array that can contain nulls. */
  public List<@Nullable Long> nullableBigNumbers(String column) throws SQLException {
    return Arrays.asList(
        (@Nullable Long[]) required(column, columns.getArray(name(column))).getArray());
  }

  private <T> T required(String column, T value) {
    if (value == null) {
      throw absent(column);
    }
    return value;
  }

  /**
   * Returns a column's name with this row's prefix. Without a prefix, as in most rows, returns the
   * name itself, because a new string would have to be hashed each time.
   */
  private String name(String column) {
    return prefix.isEmpty() ? column : prefix + column;
  }

  private IllegalStateException absent(String column) {
    return new IllegalStateException("no value in column " + prefix + column);
  }
}
