package io.claviger.client.apply;

import io.claviger.client.apply.DesiredState.DesiredResource;
import io.claviger.client.apply.DesiredState.ServiceSecrets;
import io.claviger.client.apply.PlanStep.DestinationTrust;
import io.claviger.client.apply.PlanStep.SecretDelivery;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.settings.ConfirmedDestinations;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides which secrets of a service are sent to the server. Whether a secret has changed can't be
 * found out, because nobody can read the stored secrets.
 */
final class SecretDeliveries {
  private SecretDeliveries() {}

  /**
   * Returns the secrets that a write must contain. All secrets are sent if the service is new, or
   * if its destination has changed. The key is also sent if its label has changed, or if no key is
   * stored. The key is also sent if the credential changes, because the key is bound to the whole
   * credential. Finally, the key is sent if headers are sent, because the server refuses new
   * headers for a stored key. Headers are also sent if their names have changed, or if the key is
   * sent.
   *
   * @param confirmed the function that tells whether the user has agreed to send a service's keys
   *     to an endpoint and other addresses
   */
  static Optional<SecretDelivery> of(
      DesiredResource entry,
      ObjectNode fields,
      Optional<ObjectNode> current,
      Endpoints endpoints,
      BiPredicate<String, String> confirmed,
      FileFaults faults) {
    ServiceSecrets secrets = entry.secrets();
    if (secrets.key().isEmpty() && secrets.headers().isEmpty()) {
      return Optional.empty();
    }
    boolean moves = current.isEmpty() || moves(fields, current.get());
    boolean newLabel = current.isPresent() && labelDiffers(fields, current.get());
    boolean noKey = current.isEmpty() || !current.get().path("has_api_key").asBoolean();
    boolean otherKind =
        current.filter(service -> isOfOtherKind(secrets, fields, service)).isPresent();
    boolean otherNames =
        secrets
            .headers()
            .filter(headers -> !names(headers.keySet()).equals(stored(current)))
            .isPresent();
    boolean otherHeaders =
        otherNames && secrets.headers().filter(headers -> !headers.isEmpty()).isPresent();
    boolean sendsKey =
        secrets.key().isPresent() && (moves || newLabel || noKey || otherKind || otherHeaders);
    boolean sendsHeaders = secrets.headers().isPresent() && (moves || sendsKey || otherNames);
    if (!sendsKey && !sendsHeaders) {
      return Optional.empty();
    }
    Optional<String> endpoint = endpoints.of(fields, current);
    if (endpoint.isEmpty()) {
      faults.add(
          entry.position(),
          "state the `endpoint` of %s, because a key is sent with it"
              .formatted(entry.key().name()));
      return Optional.empty();
    }
    List<String> tokenUrls =
        sendsKey ? ConfirmedDestinations.tokenUrls(fields.path("credential")) : List.of();
    boolean otherUrls = !new HashSet<>(urls(current)).containsAll(normalized(tokenUrls));
    return Optional.of(
        new SecretDelivery(
            sendsKey ? secrets.key() : Optional.empty(),
            secrets.headers().filter(headers -> sendsHeaders),
            sendsKey && !sendsHeaders ? stored(current).stream().sorted().toList() : List.of(),
            endpoint.get(),
            tokenUrls,
            confirmed.test(entry.key().name(), ConfirmedDestinations.of(endpoint.get(), tokenUrls))
                ? ofHeaders(secrets, sendsHeaders)
                : !endpoints.areNamed(fields, endpoint.get())
                    ? DestinationTrust.NOT_IN_FILE
                    : moves || otherUrls || (sendsKey && noKey)
                        ? DestinationTrust.NEW
                        : ofHeaders(secrets, sendsHeaders)));
  }

  /**
   * Returns how far a known endpoint is trusted if these headers are sent. Headers from files are
   * trusted less than headers from variables: the user allows each variable by its name, but the
   * author of the applied file might also have written the files next to it.
   */
  private static DestinationTrust ofHeaders(ServiceSecrets secrets, boolean sent) {
    return sent
            && secrets.headers().stream()
                .flatMap(headers -> headers.values().stream())
                .anyMatch(SecretReference.InFile.class::isInstance)
        ? DestinationTrust.BY_HEADER
        : DestinationTrust.KNOWN;
  }

  /** Whether secrets would be sent to another destination than before, or in another way. */
  private static boolean moves(ObjectNode fields, ObjectNode current) {
    return differs("endpoint", fields, current)
        || differs("api_standard", fields, current)
        || differs("settings", fields, current);
  }

  /** Whether the service's present credential differs from the credential in the file. */
  private static boolean isOfOtherKind(
      ServiceSecrets secrets, ObjectNode fields, ObjectNode current) {
    JsonNode now = current.path("credential");
    return fields.path("credential") instanceof ObjectNode said
        ? !Differences.between(said, now).isEmpty()
        : secrets.key().isPresent() && isMintedFrom(now);
  }

  private static boolean isMintedFrom(JsonNode credential) {
    String kind = JsonTrees.optional(credential, "kind").orElse("api_key");
    return !kind.equals("api_key") && !kind.equals("none");
  }

  private static boolean differs(String field, ObjectNode fields, ObjectNode current) {
    JsonNode desired = fields.path(field);
    return !desired.isMissingNode() && !Differences.isSame(field, desired, current.path(field));
  }

  private static boolean labelDiffers(ObjectNode fields, ObjectNode current) {
    return !JsonTrees.optional(fields, "api_key_version")
        .equals(JsonTrees.optional(current, "api_key_version"));
  }

  private static List<String> urls(Optional<ObjectNode> current) {
    return current
        .map(service -> normalized(ConfirmedDestinations.tokenUrls(service.path("credential"))))
        .orElse(List.of());
  }

  private static List<String> normalized(List<String> urls) {
    return urls.stream().map(ConfirmedDestinations::normalized).toList();
  }

  private static Set<String> stored(Optional<ObjectNode> current) {
    Set<String> names = new HashSet<>();
    current.ifPresent(
        service ->
            service
                .path("custom_header_names")
                .forEach(name -> names.add(name.asString().toLowerCase(Locale.ROOT))));
    return names;
  }

  private static Set<String> names(Set<String> headers) {
    Set<String> names = new HashSet<>();
    headers.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }
}
