package io.claviger.persistence.models;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.CompressionThreshold;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelRouteSettings;
import io.claviger.domain.models.ModelSettings;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.standards.WireFormat;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Reads models of the catalogue from rows, and writes them into parameters. */
final class ModelRows {
  /** Reads a model with the handles of the users who created it and last changed it. */
  static final RowMapper<ModelConfig> MODEL = (rs, n) -> model(Row.of(rs));

  /** The columns of table {@code model_configs} that say what a model is. */
  static final Columns STORED =
      Columns.of(
          "id",
          "provider",
          "model",
          "display_name",
          "enabled",
          "is_default",
          "context_limit",
          "compression_threshold",
          "instance_id",
          "format",
          "name",
          "on_failure",
          "version",
          "created_at",
          "updated_at",
          "applied_by");

  private ModelRows() {}

  /** Sets the parameters for all fields that can change. */
  static StatementSpec with(StatementSpec statement, ModelConfig model) {
    ModelSettings settings = model.settings();
    return statement
        .param("id", model.id().value())
        .param("provider", settings.provider().wireName())
        .param("model", settings.model().value())
        .param("display_name", settings.displayName().value())
        .param("enabled", settings.enabled())
        .param("is_default", model.isDefault())
        .param("context_limit", Parameters.orNull(settings.contextLimit(), ContextLimit::value))
        .param(
            "compression_threshold",
            Parameters.orNull(settings.compressionThreshold(), CompressionThreshold::value))
        .param("applied_by", Parameters.orNull(settings.appliedBy(), AppliedBy::value))
        .param("instance_id", Parameters.orNull(model.instance(), Instance.Id::value))
        .param("format", model.route().format().wireName())
        .param("name", model.route().name().value())
        .param("on_failure", model.route().onFailure().wireName())
        .param("version", model.version())
        .param("updated_at", Parameters.at(model.updatedAt()));
  }

  private static ModelConfig model(Row row) throws SQLException {
    return new ModelConfig(
        new ModelConfig.Id(row.uuid("id")),
        new ModelSettings(
            Provider.of(row.text("provider")),
            new ModelName(row.text("model")),
            new DisplayName(row.text("display_name")),
            row.flag("enabled"),
            row.optionalNumber("context_limit").map(ContextLimit::new),
            row.optionalNumber("compression_threshold").map(CompressionThreshold::new),
            row.optionalText("applied_by").map(AppliedBy::new)),
        row.flag("is_default"),
        row.optionalUuid("instance_id").map(Instance.Id::new),
        new ModelRouteSettings(
            WireFormat.of(row.text("format")),
            new ModelAlias(row.text("name")),
            FailureMode.of(row.text("on_failure")),
            further(row)),
        row.optionalText("created_by").map(Handle::new),
        row.optionalText("updated_by").map(Handle::new),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  /** The columns are null for a model with one target, as most are. Reading an array costs more. */
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
