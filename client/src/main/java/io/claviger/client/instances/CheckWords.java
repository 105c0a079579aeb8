package io.claviger.client.instances;

import io.claviger.client.json.JsonTrees;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Describes the result of a check in words, and suggests a remedy. */
final class CheckWords {
  private CheckWords() {}

  /** Whether the provider has answered and has accepted the key. */
  static boolean isOk(JsonNode check) {
    return status(check).equals("ok");
  }

  /** Whether the check made no call because there is no key. */
  static boolean isWithoutKey(JsonNode check) {
    return status(check).equals("no_key") && failedStep(check).isEmpty();
  }

  private static String status(JsonNode check) {
    return JsonTrees.text(check, "status");
  }

  /** Returns the result of a check in words, as a clause without a full stop. */
  static String of(JsonNode check) {
    return switch (status(check)) {
      case "ok" -> "the provider answers and accepts the key";
      case "unauthorized" -> "the provider rejects the key" + http(check);
      case "unreachable" ->
          reason(check).equals("destination_not_allowed")
              ? "Claviger may not connect to this endpoint: its operator has to allow it"
              : "nothing answers at the endpoint: check its address";
      case "timeout" -> "the provider did not answer in time";
      case "no_key" -> failedStep(check).orElseGet(() -> without(reason(check)));
      default ->
          switch (reason(check)) {
            case "rate_limited" -> "it was not checked, because of a limit of calls per minute";
            case "operation_beyond_limits" -> "it was not checked, because of its limits";
            default -> "the provider answers with an error" + http(check);
          };
    };
  }

  /** Returns the step in which obtaining a token failed; empty if no step failed. */
  private static Optional<String> failedStep(JsonNode check) {
    return check
        .path("steps")
        .valueStream()
        .filter(step -> !step.path("ok").asBoolean())
        .map(
            step ->
                "there is no token for calls: the step %s failed: %s"
                    .formatted(JsonTrees.text(step, "step"), JsonTrees.text(step, "detail")))
        .findFirst();
  }

  private static String without(String reason) {
    return switch (reason) {
      case "not_permitted" -> "you may not call it";
      case "disabled" -> "it is disabled, so it was not called";
      case "user_api_key_required" -> "it needs a key of your own, and you have stored none";
      case "credential_unconfirmed" ->
          "the place where its credential is used has changed, and its owner has not confirmed the "
              + "change";
      case "key_unusable" ->
          "a stored key, credential or header can't be decrypted on this node: if every node has all"
              + " encryption keys, store it again";
      default -> "no key is stored, so it can't be called";
    };
  }

  private static String reason(JsonNode check) {
    return JsonTrees.optional(check, "reason").orElse("");
  }

  private static String http(JsonNode check) {
    return JsonTrees.optional(check, "http_status").map(" (status %s)"::formatted).orElse("");
  }
}
