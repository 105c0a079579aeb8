package io.claviger.web.models;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.models.Models.OfferedModel;
import io.claviger.application.models.Models.RunnableModel;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.DeletedModel;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelSettings;
import io.claviger.domain.models.ModelStatus;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code /v1/models}: the models that the caller can run, the models that the caller can't run, and
 * the deleted models.
 */
public final class ModelRoutes implements RouteGroup {
  private static final String DELETED = "deleted";

  private final Models models;
  private final ModelConfigs catalogue;
  private final NodeUrls urls;

  public ModelRoutes(Models models, ModelConfigs catalogue, NodeUrls urls) {
    this.models = models;
    this.catalogue = catalogue;
    this.urls = urls;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/models").get(this::list, "limit", "cursor", "unavailable", DELETED);
  }

  private void list(ApiCall call) {
    boolean unavailable = call.query().flag("unavailable").orElse(false);
    boolean deleted = call.query().flag(DELETED).orElse(false);
    String base = urls.gateway();
    PageRequest<TimeCursor> page = call.page(CursorFormat.TIME);
    if (unavailable && deleted) {
      throw new InvalidValue(DELETED, "false together with unavailable");
    }
    if (deleted) {
      call.list(
          Problems.valueOf(catalogue.listDeleted(call.actor(), page)),
          CursorFormat.TIME,
          DeletedJson::of);
    } else if (unavailable) {
      call.list(
          Problems.valueOf(models.listOffered(call.actor(), page)),
          CursorFormat.TIME,
          model -> OfferedJson.of(model, base));
    } else {
      call.list(
          Problems.valueOf(models.list(call.actor(), page)),
          CursorFormat.TIME,
          model -> ModelJson.of(model, base));
    }
  }

  /** The members of a model that are the same for all callers. */
  record ModelFactsJson(
      UUID id,
      String provider,
      String model,
      String displayName,
      boolean isDefault,
      Optional<Integer> contextLimit) {
    /**
     * @param called the model name that calls have to use
     */
    static ModelFactsJson of(ModelConfig model, ModelName called, boolean isDefault) {
      ModelSettings settings = model.settings();
      return new ModelFactsJson(
          model.id().value(),
          settings.provider().wireName(),
          called.value(),
          settings.displayName().value(),
          isDefault,
          settings.contextLimit().map(ContextLimit::value));
    }
  }

  /**
   * A deleted model, as administrators see it.
   *
   * @param deletedBy the user who deleted the model; empty if that user no longer exists
   */
  record DeletedJson(
      @JsonUnwrapped ModelFactsJson facts,
      Optional<String> service,
      Optional<String> keySource,
      Optional<String> gatewayUrl,
      String name,
      Optional<String> deletedBy,
      Instant deletedAt) {
    static DeletedJson of(DeletedModel deleted) {
      return new DeletedJson(
          ModelFactsJson.of(deleted.model(), deleted.model().settings().model(), false),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          deleted.model().route().name().value(),
          deleted.deletedBy().map(Handle::value),
          deleted.at());
    }
  }

  /**
   * A model, and whether the caller can run the model.
   *
   * @param unavailable the reason why the caller can't run the model; empty if the caller can run
   *     the model
   */
  record OfferedJson(
      @JsonUnwrapped ModelFactsJson facts,
      Optional<String> service,
      Optional<String> keySource,
      Optional<String> gatewayUrl,
      Optional<String> unavailable) {
    static OfferedJson of(OfferedModel offered, String gateway) {
      ModelName named = offered.model().settings().model();
      return new OfferedJson(
          ModelFactsJson.of(
              offered.model(),
              offered.runnable().map(RunnableModel::called).orElse(named),
              offered.model().isDefault()),
          offered.service().map(Instance.Ref::toString),
          offered.runnable().map(runnable -> runnable.source().wireName()),
          offered.runnable().map(runnable -> urlOf(runnable.service(), gateway)),
          Optional.of(offered.status())
              .filter(status -> status != ModelStatus.RUNNABLE)
              .map(ModelStatus::wireName));
    }
  }

  private static String urlOf(Instance.Ref service, String gateway) {
    return gateway + "/gateway/services/" + service;
  }

  record ModelJson(
      @JsonUnwrapped ModelFactsJson facts, String service, String keySource, String gatewayUrl) {

    /**
     * Returns a model as the API shows it.
     *
     * @param gateway the text with which each {@code gateway_url} begins
     */
    static ModelJson of(RunnableModel runnable, String gateway) {
      return new ModelJson(
          ModelFactsJson.of(runnable.model(), runnable.called(), runnable.model().isDefault()),
          runnable.service().toString(),
          runnable.source().wireName(),
          urlOf(runnable.service(), gateway));
    }
  }
}
