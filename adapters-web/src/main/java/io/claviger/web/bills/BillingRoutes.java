package io.claviger.web.bills;

import io.claviger.application.bills.BillingCredentials;
import io.claviger.application.bills.BillingCredentials.NewCredential;
import io.claviger.application.bills.BillingCredentials.SavedCredential;
import io.claviger.domain.Field;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingCredential.ModelAccess;
import io.claviger.domain.bills.BillingCredential.StatedScope;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.formats.BillingApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.web.instances.SecretConverters;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Optional;

/** {@code /v1/llm-services/{owner}/{handle}/billing}. */
public final class BillingRoutes implements RouteGroup {
  private static final JsonConverter<String> ID = JsonConverter.text(BillingCredential::checkedId);

  private final BillingCredentials credentials;

  public BillingRoutes(BillingCredentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-services/{owner}/{handle}/billing")
        .get(this::show)
        .put(this::store)
        .delete(this::delete);
  }

  private void show(ApiCall call) {
    BillingCredential found = Problems.valueOf(credentials.find(call.actor(), call.service()));
    call.shown(BillingJson.of(found), found.version());
  }

  private void store(ApiCall call) {
    Instance.Ref service = call.service();
    try (Body body = call.body()) {
      SavedCredential stored =
          Problems.valueOf(
              credentials.put(call.actor(), service, call.precondition(), command(body.fields())));
      call.written(stored.created(), BillingJson.of(stored.credential()));
    }
  }

  private static NewCredential command(JsonObject fields) {
    Field<Secret> apiKey =
        fields.required("api_key", SecretConverters.API_KEY, "Give the key to store.");
    Field<Endpoint> endpoint = fields.value("endpoint", JsonConverter.text(Endpoint::of));
    Field<String> project = fields.nullable("project", ID);
    Field<String> workspace = fields.nullable("workspace", ID);
    Field<String> apiKeyId = fields.nullable("api_key_id", ID);
    Field<Boolean> mayDoMore = fields.value("may_do_more", JsonConverter.FLAG);
    fields.rejectUnread();
    return new NewCredential(
        apiKey.given().orElseThrow(),
        endpoint.given(),
        new StatedScope(project.given(), workspace.given()),
        apiKeyId.given(),
        mayDoMore.or(false));
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(credentials.delete(call.actor(), call.service(), call.precondition()));
    call.noContent();
  }

  /**
   * A billing credential as its owner sees it, without the key.
   *
   * @param mayCallModels whether the provider lets the key call models; empty if the provider does
   *     not say so
   */
  record BillingJson(
      String kind,
      String endpoint,
      Optional<String> project,
      Optional<String> workspace,
      Optional<String> apiKeyId,
      Optional<Boolean> mayCallModels,
      Optional<String> warning,
      Instant setAt,
      long version) {
    private static final String UNKNOWN =
        "The provider does not say whether this key may call models.";

    static BillingJson of(BillingCredential credential) {
      ModelAccess access = credential.modelAccess();
      boolean unknown = access == ModelAccess.UNKNOWN;
      return new BillingJson(
          credential.api().wireName(),
          credential.endpoint().url(),
          credential.scope().filter(scope -> credential.api() == BillingApi.OPENAI),
          credential.scope().filter(scope -> credential.api() == BillingApi.ANTHROPIC),
          credential.apiKeyId(),
          unknown ? Optional.empty() : Optional.of(access == ModelAccess.YES),
          unknown ? Optional.of(UNKNOWN) : Optional.empty(),
          credential.setAt(),
          credential.version());
    }
  }
}
