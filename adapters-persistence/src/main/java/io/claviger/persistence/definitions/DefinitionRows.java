package io.claviger.persistence.definitions;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.Description;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Provider;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Reads definitions from rows, and the fields that instances have in common with them. */
public final class DefinitionRows {
  private DefinitionRows() {}

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

  /** Reads the seven columns that definitions and instances have in common. */
  public static DefinitionFields fields(Row row) throws SQLException {
    return new DefinitionFields(
        new Description(row.text("description")),
        Provider.of(row.text("provider")),
        new Handle(row.text("api_standard")),
        KnownEndpoints.of(row.text("endpoint")),
        new ModelName(row.text("model")),
        row.optionalNumber("dimensions").map(Dimensions::new),
        row.optionalNumber("context_limit").map(ContextLimit::new));
  }

  /** Sets the parameters for the seven columns that {@link #fields} reads. */
  public static StatementSpec withFields(StatementSpec statement, DefinitionFields fields) {
    return statement
        .param("description", fields.description().value())
        .param("provider", fields.provider().wireName())
        .param("api_standard", fields.apiStandard().value())
        .param("endpoint", fields.endpoint().url())
        .param("model", fields.model().value())
        .param("dimensions", Parameters.orNull(fields.dimensions(), Dimensions::value))
        .param("context_limit", Parameters.orNull(fields.contextLimit(), ContextLimit::value));
  }
}
