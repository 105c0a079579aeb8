package io.claviger.client.instances;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Lets the server call the provider with a key before the key is stored. */
public final class DraftCheck {
  /** The settings that determine whether the provider accepts a key. */
  private static final List<String> SETTINGS =
      List.of("provider", "api_standard", "endpoint", "model", "organization", "timeout_ms");

  private static final int TOO_MANY = 429;

  @Option(names = "--anyway", description = "Save the key without a check.")
  private boolean anyway;

  /**
   * Checks a service that is not registered yet.
   *
   * @param service the body of the request that would register the service
   * @return the API's answer; empty if the user does not want a check
   * @throws ClientFault if calls would fail for a reason other than a missing key
   */
  Optional<JsonNode> ofNew(ApiSession session, String ref, ObjectNode service) {
    if (anyway) {
      return Optional.empty();
    }
    JsonNode check = called(session, ref, service);
    if (!CheckWords.isOk(check) && !CheckWords.isWithoutKey(check)) {
      throw ClientFault.of(
          "nothing was saved: " + CheckWords.of(check), "To save it nevertheless, add --anyway.");
    }
    return Optional.of(check);
  }

  private static JsonNode called(ApiSession session, String ref, ObjectNode service) {
    try {
      return session.api().post(session.servicePath(ref, "draft", "check"), service);
    } catch (ApiRefusal e) {
      throw e.status() == TOO_MANY ? e.fault("To save it without a check, add --anyway.") : e;
    }
  }

  /**
   * Checks a new key for a stored service by means of a draft: a service that has the same settings
   * and another name, and is not stored. If a service has custom headers, the key is not checked,
   * because nobody can read the headers' values.
   */
  Optional<JsonNode> ofKey(ApiSession session, JsonNode service, String key) {
    if (!service.path("custom_header_names").isEmpty()) {
      return Optional.empty();
    }
    ObjectNode draft = JsonTrees.object().put("api_key", key);
    SETTINGS.stream()
        .filter(service::hasNonNull)
        .forEach(field -> draft.set(field, service.get(field)));
    return ofNew(session, "draft-" + UUID.randomUUID().toString().substring(0, 8), draft);
  }
}
