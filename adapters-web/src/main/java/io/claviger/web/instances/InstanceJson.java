package io.claviger.web.instances;

import com.fasterxml.jackson.annotation.JsonValue;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.WrittenInstance;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.web.policy.BudgetJson;
import io.claviger.web.policy.KeyPolicyJson;
import io.claviger.web.policy.LimitsJson;
import io.claviger.web.policy.Roles;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An LLM service as the API shows it to one caller: its id and names, the writable fields in the
 * order of {@link InstanceField}, and the values derived from them.
 */
record InstanceJson(@JsonValue Map<String, @Nullable Object> members) {
  /**
   * Returns a service as the API shows it.
   *
   * @param gateway the beginning of {@code gateway_url}
   */
  static InstanceJson of(InstanceView view, String gateway) {
    Instance instance = view.instance();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("id", instance.id().value());
    members.put("owner", instance.ref().owner().value());
    members.put("handle", instance.ref().handle().value());
    members.put("ref", instance.ref().toString());
    members.put("role", orNull(view.role().map(Roles::wireName)));
    members.put("via", orNull(view.via().map(group -> "@" + group)));
    members.put("until", orNull(view.until()));
    for (InstanceField field : InstanceField.values()) {
      put(field, view, members);
    }
    members.put("has_api_key", instance.hasApiKey());
    members.put("has_effective_api_key", view.hasEffectiveApiKey());
    members.put("api_key_set_at", orNull(instance.apiKeySetAt()));
    members.put("destination_allowed", allowed(view.destination()));
    members.put("gateway_url", gateway + "/gateway/services/" + instance.ref());
    members.put("version", instance.version());
    members.put("created_at", instance.createdAt());
    members.put("updated_at", instance.updatedAt());
    return new InstanceJson(members);
  }

  /**
   * Returns a service that was just written. It includes {@code user_keys_removed} if the write
   * moved the service or changed what it sends.
   *
   * @param gateway the beginning of {@code gateway_url}
   */
  static InstanceJson of(WrittenInstance written, String gateway) {
    InstanceJson json = of(written.view(), gateway);
    written.userKeysRemoved().ifPresent(n -> json.members.put("user_keys_removed", n));
    return json;
  }

  private static void put(
      InstanceField field, InstanceView view, Map<String, @Nullable Object> members) {
    Instance instance = view.instance();
    switch (field) {
      case API_KEY -> {}
      case CUSTOM_HEADERS ->
          members.put(
              "custom_header_names",
              instance.customHeaderNames().stream().map(HeaderName::value).toList());
      case DEFINITION ->
          members.put(
              field.wireName(), orNull(instance.definitionRef().map(Definition.Ref::toString)));
      case ENABLED -> {
        members.put(field.wireName(), instance.enabled());
        members.put("is_default", view.isDefault());
      }
      case KEY_POLICY ->
          members.put(field.wireName(), KeyPolicyJson.of(instance.settings().keyPolicy()));
      case LIMITS -> {
        members.put(field.wireName(), LimitsJson.of(instance.settings().limits()));
        members.put("my_limits", LimitsJson.of(view.myLimits()));
      }
      case BUDGETS_IN_ALL ->
          view.budgetsInAll()
              .ifPresent(budgets -> members.put(field.wireName(), orNull(BudgetJson.of(budgets))));
      default -> members.put(field.wireName(), orNull(field.plain(instance.settings())));
    }
  }

  private static @Nullable Boolean allowed(Reach destination) {
    return switch (destination) {
      case ALLOWED -> true;
      case NOT_ALLOWED -> false;
      case UNKNOWN -> null;
    };
  }

  private static @Nullable Object orNull(Optional<?> value) {
    return value.isPresent() ? value.get() : null;
  }
}
