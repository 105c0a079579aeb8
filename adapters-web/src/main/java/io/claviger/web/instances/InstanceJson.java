package io.claviger.web.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.sharing.Role;
import io.claviger.web.json.ResourceJson;
import io.claviger.web.policy.BudgetJson;
import io.claviger.web.policy.KeyPolicyJson;
import io.claviger.web.policy.LimitsJson;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An LLM service as the API shows it to one caller. The answer contains the id and the names of the
 * service. The service's writable fields follow in the order of {@link InstanceField}, and then
 * values that are derived from these fields.
 */
final class InstanceJson {
  private InstanceJson() {}

  /**
   * Returns a description of the JSON in which the API shows services.
   *
   * @param gateway a function that returns the text with which each {@code gateway_url} begins
   */
  static ResourceJson<InstanceView> of(Supplier<String> gateway) {
    ResourceJson<InstanceView> json =
        new ResourceJson<InstanceView>()
            .readOnly("id", view -> view.instance().id().value())
            .readOnly("owner", view -> view.instance().ref().owner().value())
            .readOnly("handle", view -> view.instance().ref().handle().value())
            .readOnly("ref", view -> view.instance().ref().toString())
            .readOnly("role", view -> view.role().map(Role::wireName))
            .readOnly("via", view -> view.via().map(group -> "@" + group))
            .readOnly("until", InstanceView::until);
    for (InstanceField field : InstanceField.values()) {
      add(field, json);
    }
    return json.readOnly("has_api_key", view -> view.instance().hasApiKey())
        .readOnly("has_effective_api_key", InstanceView::hasEffectiveApiKey)
        .readOnly("has_user_key", InstanceView::hasUserKey)
        .readOnly("state", view -> view.state().wireName())
        .readOnly("api_key_set_at", view -> view.instance().apiKeySetAt())
        .readOnly("destination_allowed", view -> allowed(view.destination()))
        .readOnly(
            "gateway_url", view -> gateway.get() + "/gateway/services/" + view.instance().ref())
        .versioned(
            view -> view.instance().version(),
            view -> view.instance().createdAt(),
            view -> view.instance().updatedAt());
  }

  private static void add(InstanceField field, ResourceJson<InstanceView> json) {
    String name = field.wireName();
    ResourceJson<InstanceView> unused =
        switch (field) {
          case API_KEY -> json;
          case CREDENTIAL -> json.whereKnown(name, InstanceView::credential, CredentialJson::of);
          case CUSTOM_HEADERS ->
              json.readOnly(
                  "custom_header_names",
                  view ->
                      view.instance().customHeaderNames().stream().map(HeaderName::value).toList());
          case DEFINITION ->
              json.writable(name, view -> view.instance().definitionRef().map(Object::toString));
          case SETTINGS ->
              json.field(field.scalar(), values(field))
                  .readOnly(
                      "sent_settings",
                      view -> settings(view).sent().all().stream().map(SentJson::of).toList());
          case KEY_POLICY ->
              json.writable(name, view -> KeyPolicyJson.of(settings(view).keyPolicy()));
          case LIMITS ->
              json.writable(name, view -> LimitsJson.of(settings(view).limits()))
                  .readOnly("my_limits", view -> LimitsJson.of(view.myLimits()));
          case BUDGETS_IN_ALL -> json.whereKnown(name, InstanceView::budgetsInAll, BudgetJson::of);
          case LIMITS_IN_ALL ->
              json.whereKnown(name, InstanceView::limitsInAll, LimitsJson.InAll::of);
          case PROVIDER_LIMITS ->
              json.writable(name, view -> ProviderLimitsJson.of(settings(view).providerLimits()));
          case ATTRIBUTION ->
              json.field(field.scalar(), values(field))
                  .readOnly(
                      "cache_separation",
                      view -> settings(view).naming().cacheSeparation().wireName())
                  .readOnly("isolation", view -> settings(view).recognition().wireName());
          case ENABLED ->
              json.field(field.scalar(), values(field))
                  .readOnly("is_default", InstanceView::isDefault);
          default -> json.field(field.scalar(), values(field));
        };
  }

  /**
   * A setting of the service that the gateway sends to the provider with every call, and the
   * setting's place in the request.
   */
  record SentJson(String in, String name, String value) {
    static SentJson of(SentSettings.Sent sent) {
      return new SentJson(sent.place().wireName(), sent.name(), sent.value());
    }
  }

  /**
   * Returns a function that finds the set of values that contains the given scalar field of a
   * service. If no definition can provide the field, this set is the service's own values. So for
   * such a field, the service need not be merged with its definition. Each merge would copy all
   * values.
   */
  private static Function<InstanceView, FieldValues> values(InstanceField field) {
    return InstanceField.own().contains(field.scalar())
        ? view -> settings(view).own()
        : view -> settings(view).fields().values();
  }

  private static InstanceSettings settings(InstanceView view) {
    return view.instance().settings();
  }

  private static @Nullable Boolean allowed(Reach destination) {
    return switch (destination) {
      case ALLOWED -> true;
      case NOT_ALLOWED -> false;
      case UNKNOWN -> null;
    };
  }
}
