package io.claviger.persistence.definitions;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.fields.ScalarField;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Reads definitions from rows, and also the fields that instances have in common with definitions.
 */
public final class DefinitionRows {
  static final Columns STORED =
      Columns.of("id", "owner_id", "owner_handle", "handle", "version", "created_at", "updated_at")
          .and(FieldColumns.of(DefinitionFields.ALL));

  /**
   * The fields of definitions and instances that need no code of their own; the type of the field
   * determines how it is read.
   */
  private static final List<ScalarField<?>> PLAIN =
      DefinitionFields.COPIED.stream().filter(field -> field != DefinitionFields.ENDPOINT).toList();

  private DefinitionRows() {}

  /**
   * Replaces {@code {columns}} in a statement by the columns for {@link #definition}, and {@code
   * d.{columns}} by the same columns of {@code definitions d}.
   */
  static String naming(String statement) {
    return statement.replace("d.{columns}", STORED.at("d")).replace("{columns}", STORED.toString());
  }

  static Definition definition(Row row) throws SQLException {
    return new Definition(
        new Definition.Id(row.uuid("id")),
        new User.Id(row.uuid("owner_id")),
        new Definition.Ref(new Handle(row.text("owner_handle")), new Handle(row.text("handle"))),
        fields(row),
        row.flag("public"),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"),
        row.optionalText("applied_by").map(AppliedBy::new));
  }

  /** Reads the columns that definitions and instances have in common. */
  public static DefinitionFields fields(Row row) throws SQLException {
    return new DefinitionFields(
        FieldColumns.read(
            row,
            PLAIN,
            Map.of(DefinitionFields.ENDPOINT, KnownEndpoints.of(row.text("endpoint")))));
  }
}
