package io.claviger.client.apply;

import io.claviger.client.json.JsonTrees;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/** The secrets that a plan sends. All are found before the first of them is sent. */
final class SentSecrets {
  private final Map<SecretReference, String> keys;
  private final Map<SecretReference, String> headers;

  private SentSecrets(Map<SecretReference, String> keys, Map<SecretReference, String> headers) {
    this.keys = keys;
    this.headers = headers;
  }

  /**
   * Finds the secrets that are needed.
   *
   * @param faults receives those that can't be found
   */
  static SentSecrets of(Plan plan, DesiredState desired, SecretFinder finder, FileFaults faults) {
    Map<SecretReference, String> keys = new HashMap<>();
    Map<SecretReference, String> headers = new HashMap<>();
    for (PlanStep step : plan.steps()) {
      step.secrets()
          .ifPresent(
              delivery -> {
                SourcePosition position =
                    Objects.requireNonNull(desired.resources().get(step.key())).position();
                delivery
                    .apiKey()
                    .ifPresent(reference -> find(reference, finder::key, keys, position, faults));
                delivery
                    .headers()
                    .ifPresent(
                        named ->
                            named
                                .values()
                                .forEach(
                                    reference ->
                                        find(
                                            reference, finder::header, headers, position, faults)));
              });
    }
    return new SentSecrets(keys, headers);
  }

  private interface Search {
    String find(SecretReference reference) throws SecretFinder.NotFound;
  }

  private static void find(
      SecretReference reference,
      Search search,
      Map<SecretReference, String> found,
      SourcePosition position,
      FileFaults faults) {
    if (found.containsKey(reference)) {
      return;
    }
    try {
      found.put(reference, search.find(reference));
    } catch (SecretFinder.NotFound e) {
      faults.add(position, String.valueOf(e.getMessage()));
    }
  }

  void addTo(ObjectNode body, PlanStep.SecretDelivery delivery) {
    delivery.apiKey().ifPresent(reference -> body.put("api_key", keys.get(reference)));
    delivery
        .headers()
        .ifPresent(
            named -> {
              ObjectNode values = JsonTrees.object();
              named.forEach((name, reference) -> values.put(name, headers.get(reference)));
              body.set("custom_headers", values.isEmpty() ? values.nullNode() : values);
            });
  }
}
