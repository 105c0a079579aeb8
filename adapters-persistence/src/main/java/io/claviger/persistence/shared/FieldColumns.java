package io.claviger.persistence.shared;

import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.ScalarForm;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The columns of a resource's scalar fields. Each column has the name of its field. */
public final class FieldColumns {
  private FieldColumns() {}

  public static Columns of(List<ScalarField<?>> fields) {
    return new Columns(fields.stream().map(ScalarField::name).toList());
  }

  /** Sets the parameters. */
  public static StatementSpec with(
      StatementSpec statement, List<ScalarField<?>> fields, FieldValues values) {
    StatementSpec filled = statement;
    for (ScalarField<?> field : fields) {
      filled =
          filled.param(field.name(), values.plain(field).map(FieldColumns::stored).orElse(null));
    }
    return filled;
  }

  public static FieldValues read(Row row, List<ScalarField<?>> fields) throws SQLException {
    return read(row, fields, Map.of());
  }

  /** Reads the given fields from a row, and adds the given values of other fields. */
  public static FieldValues read(
      Row row, List<ScalarField<?>> fields, Map<ScalarField<?>, ?> others) throws SQLException {
    Map<ScalarField<?>, Object> values = new LinkedHashMap<>();
    for (ScalarField<?> field : fields) {
      read(row, field.name(), field.form()).ifPresent(value -> values.put(field, value));
    }
    values.putAll(others);
    return new FieldValues(values);
  }

  private static Object stored(Object plain) {
    if (plain instanceof Map<?, ?> pairs) {
      return ScalarForm.Pairs.list(pairs).toArray(String[]::new);
    }
    return plain instanceof List<?> texts ? texts.toArray(String[]::new) : plain;
  }

  private static Optional<?> read(Row row, String column, ScalarForm<?> form) throws SQLException {
    return switch (form) {
      case ScalarForm.Text<?> text -> row.optionalText(column).map(text.parse());
      case ScalarForm.Texts<?> texts -> row.optionalTexts(column).map(texts.parse());
      case ScalarForm.Pairs<?> pairs -> row.optionalTexts(column).map(pairs::listed);
      case ScalarForm.Tree<?> tree -> row.optionalText(column).map(tree.parse());
      case ScalarForm.WholeNumber<?> number ->
          row.optionalNumber(column).map(number.parse()::apply);
      case ScalarForm.Flag flag -> row.optionalFlag(column);
    };
  }
}
