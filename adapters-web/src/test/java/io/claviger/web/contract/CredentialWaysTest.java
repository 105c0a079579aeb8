package io.claviger.web.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.WireNamed;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialKind.SecretField;
import io.claviger.domain.credentials.CredentialShape;
import io.claviger.domain.credentials.FederationProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The contract has the credentials in the tables of {@code docs/keys.md}, and the server has those
 * of the domain.
 */
class CredentialWaysTest {
  private static final Map<SecretField.Form, String> FORMS =
      Map.of(
          SecretField.Form.TEXT, "text",
          SecretField.Form.PEM, "pem",
          SecretField.Form.FILE_WITH_URL, "file");

  private record Way(Set<String> required, Set<String> optional, Map<String, String> secrets) {
    static Way of(CredentialKind kind, Optional<FederationProvider> provider) {
      CredentialShape shape = kind.shape(provider);
      Map<Boolean, Set<String>> isRequired =
          shape.entered().stream()
              .collect(
                  Collectors.partitioningBy(
                      field -> shape.required().contains(field) && !kind.isInFile(field),
                      Collectors.mapping(
                          CredentialField::wireName, Collectors.toCollection(TreeSet::new))));
      return new Way(
          isRequired.get(true),
          isRequired.get(false),
          kind.secrets().stream()
              .collect(
                  Collectors.toMap(
                      SecretField::name, secret -> FORMS.getOrDefault(secret.form(), ""))));
    }

    static Way of(JsonNode way) {
      return new Way(
          new TreeSet<>(way.path("required").propertyNames()),
          new TreeSet<>(way.path("optional").propertyNames()),
          way.path("secrets").properties().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, form -> form.getValue().asString())));
    }
  }

  private final JsonNode schemas =
      OpenApiDocument.ofServer().root().path("components").path("schemas");

  @Test
  void each_kind_and_provider_has_the_settings_and_secrets_that_the_server_knows() {
    Map<String, Way> known = new TreeMap<>();
    for (CredentialKind kind : CredentialKind.values()) {
      if (kind != CredentialKind.FEDERATED) {
        known.put(kind.wireName(), Way.of(kind, Optional.empty()));
      }
    }
    for (FederationProvider provider : FederationProvider.values()) {
      known.put(
          CredentialKind.FEDERATED.wireName() + "-" + provider.wireName(),
          Way.of(CredentialKind.FEDERATED, Optional.of(provider)));
    }

    Map<String, Way> stated = new TreeMap<>();
    ways().forEach(way -> stated.put(way.path("name").asString(), Way.of(way)));
    assertThat(stated).isEqualTo(known);
  }

  @Test
  void each_setting_that_users_have_to_state_is_explained() {
    assertThat(ways())
        .allSatisfy(
            way ->
                way.path("required")
                    .forEach(help -> assertThat(help.asString()).as(way.toString()).isNotBlank()));
  }

  @Test
  void the_names_are_those_that_the_server_knows() {
    assertThat(names(schemas.path("CredentialKind")))
        .isEqualTo(WireNamed.names(CredentialKind.values()));
    assertThat(names(schemas.path("CredentialSettings").path("properties").path("provider")))
        .isEqualTo(WireNamed.names(FederationProvider.values()));
  }

  private Stream<JsonNode> ways() {
    return schemas.path("CredentialWrite").path("x-ways").valueStream();
  }

  private static List<String> names(JsonNode schema) {
    return schema.path("enum").valueStream().map(JsonNode::asString).toList();
  }
}
