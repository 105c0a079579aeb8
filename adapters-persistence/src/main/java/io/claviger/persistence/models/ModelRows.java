package io.claviger.persistence.models;

import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.DeletedModel;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelFields;
import io.claviger.domain.models.ModelRouteSettings;
import io.claviger.domain.models.ModelSettings;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.standards.WireFormat;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Reads models of the catalogue from rows, and converts models to statement parameters. */
final class ModelRows {
  /** Reads a model, with the handles of the users who created it and last changed it. */
  static final RowMapper<ModelConfig> MODEL = Row.mapper(row -> model(row));

  /** Reads a deleted model, with the handle of the user who deleted it. */
  static final RowMapper<DeletedModel> DELETED =
      Row.mapper(
          row ->
              new DeletedModel(
                  model(row),
                  row.optionalText("deleted_by").map(Handle::new),
                  row.instant("deleted_at")));

  /** The columns of table {@code model_configs} that describe a model. */
  static final Columns STORED =
      Columns.of("id", "instance_id", "format", "version", "created_at", "updated_at")
          .and(FieldColumns.of(ModelFields.ALL));

  private ModelRows() {}

  /** Sets the parameters for all changeable fields of a model. */
  static StatementSpec with(StatementSpec statement, ModelConfig model) {
    return FieldColumns.with(statement, ModelFields.ALL, model.values())
        .param("id", model.id().value())
        .param("instance_id", Parameters.orNull(model.instance(), Instance.Id::value))
        .param("format", model.route().format().wireName())
        .param("version", model.version())
        .param("updated_at", Parameters.at(model.updatedAt()));
  }

  private static ModelConfig model(Row row) throws SQLException {
    FieldValues values = FieldColumns.read(row, ModelFields.ALL);
    return new ModelConfig(
        new ModelConfig.Id(row.uuid("id")),
        new ModelSettings(values),
        values.require(ModelFields.IS_DEFAULT),
        row.optionalUuid("instance_id").map(Instance.Id::new),
        new ModelRouteSettings(
            WireFormat.of(row.text("format")),
            values.require(ModelFields.NAME),
            values.require(ModelFields.ON_FAILURE),
            further(row)),
        row.optionalText("created_by").map(Handle::new),
        row.optionalText("updated_by").map(Handle::new),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  /**
   * For models with one target, the columns are null, because reading an array takes longer than
   * reading null.
   */
  private static List<ModelTarget> further(Row row) throws SQLException {
    Optional<List<String>> named = row.optionalTexts("further_models");
    if (named.isEmpty()) {
      return List.of();
    }
    List<String> models = named.get();
    List<UUID> services = row.uuids("further_services");
    return IntStream.range(0, services.size())
        .mapToObj(
            n -> new ModelTarget(new Instance.Id(services.get(n)), new ModelName(models.get(n))))
        .toList();
  }
}
