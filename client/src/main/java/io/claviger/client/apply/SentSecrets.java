package io.claviger.client.apply;

import io.claviger.client.apply.DesiredState.KeyReference;
import io.claviger.client.json.JsonTrees;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/** The secrets that a plan sends. All secrets are read before the first one is sent. */
final class SentSecrets {
  private final Map<KeyReference, String> keys;
  private final Map<SecretReference, String> headers;

  private SentSecrets(Map<KeyReference, String> keys, Map<SecretReference, String> headers) {
    this.keys = keys;
    this.headers = headers;
  }

  /**
   * Finds the secrets that the plan needs.
   *
   * @param faults the receiver of a fault for each needed secret that can't be found
   */
  static SentSecrets of(Plan plan, DesiredState desired, SecretFinder finder, FileFaults faults) {
    Map<KeyReference, String> keys = new HashMap<>();
    Map<SecretReference, String> headers = new HashMap<>();
    for (PlanStep step : plan.steps()) {
      step.secrets()
          .ifPresent(
              delivery -> {
                SourcePosition position =
                    Objects.requireNonNull(desired.resources().get(step.key())).position();
                delivery
                    .key()
                    .ifPresent(
                        key ->
                            find(
                                key,
                                each -> finder.key(each.field(), each.from()),
                                keys,
                                position,
                                faults));
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

  private interface Search<R> {
    String find(R reference) throws SecretFinder.NotFound;
  }

  private static <R> void find(
      R reference,
      Search<R> search,
      Map<R, String> found,
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
    delivery
        .key()
        .ifPresent(
            key ->
                (key.inCredential() ? body.withObjectProperty("credential") : body)
                    .put(key.field(), keys.get(key)));
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
