package io.claviger.domain.credentials;

import static io.claviger.domain.credentials.CredentialField.ROLE_ARN;
import static io.claviger.domain.credentials.CredentialField.SERVICE_ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.standards.KeyPlacement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CredentialSettingsTest {
  @ParameterizedTest
  @EnumSource
  void each_secret_of_a_kind_is_known_as_one(CredentialKind kind) {
    assertThat(kind.secretFields()).allMatch(field -> CredentialKind.isSecret(field, true));
  }

  private static final UUID SERVICE = UUID.fromString("01980000-0000-7000-8000-00000000000a");
  private static final User.Id OWNER =
      new User.Id(UUID.fromString("01980000-0000-7000-8000-00000000000b"));
  private static final Endpoint ENDPOINT = Endpoint.of("https://models.example/v1");

  /** A kind of credential, and for statements the provider that exchanges them. */
  record Shaped(CredentialKind kind, Optional<FederationProvider> provider) {
    CredentialShape shape() {
      return kind.shape(provider);
    }
  }

  static Stream<Shaped> all() {
    return Stream.of(CredentialKind.values())
        .flatMap(
            kind ->
                kind == CredentialKind.FEDERATED
                    ? Stream.of(FederationProvider.values())
                        .map(provider -> new Shaped(kind, Optional.of(provider)))
                    : Stream.of(new Shaped(kind, Optional.empty())));
  }

  private static String sample(CredentialField field, Shaped shaped) {
    return switch (field) {
      case TOKEN_URL -> "https://tokens.example/oauth/token/";
      case STS_URL -> "https://sts.example";
      case IMPERSONATION_URL -> "https://iam.example/x:generateAccessToken";
      case CLIENT_ID -> "claviger";
      case SCOPE -> "models.read models.call";
      case AUDIENCE -> "//iam.googleapis.com/projects/1/pool";
      case TENANT -> "contoso.example";
      case ACCESS_KEY_ID -> "AKIAIOSFODNN7EXAMPLE";
      case REGION -> "eu-central-1";
      case ROLE_ARN -> "arn:aws:iam::123456789012:role/models";
      case SERVICE_ACCOUNT -> "models@project.iam.gserviceaccount.com";
      case PROVIDER -> shaped.provider().map(FederationProvider::wireName).orElse("openai");
      case CLOUD -> "google";
      default -> "id-1"; // all other settings accept ids
    };
  }

  private static Map<CredentialField, String> samples(List<CredentialField> fields, Shaped shaped) {
    Map<CredentialField, String> values = new EnumMap<>(CredentialField.class);
    fields.forEach(field -> values.put(field, sample(field, shaped)));
    return values;
  }

  private static CredentialSettings complete(Shaped shaped, Map<CredentialField, String> given) {
    return ((CredentialSettings.Result.Complete)
            CredentialSettings.read(shaped.kind(), given, "/credential"))
        .settings();
  }

  private static List<String> faults(Shaped shaped, Map<CredentialField, String> given) {
    return CredentialSettings.read(shaped.kind(), given, "/credential")
            instanceof CredentialSettings.Result.Incomplete no
        ? no.faults().stream().map(fault -> fault.pointer() + " " + fault.code()).toList()
        : List.of();
  }

  @ParameterizedTest
  @MethodSource("all")
  void each_kind_takes_what_it_needs_and_what_it_may_have_and_nothing_else(Shaped shaped) {
    CredentialShape shape = shaped.shape();
    Map<CredentialField, String> least = samples(shape.required(), shaped);
    Map<CredentialField, String> most = samples(shape.required(), shaped);
    most.putAll(samples(shape.optional(), shaped));

    assertThat(complete(shaped, least).kind()).isEqualTo(shaped.kind());
    assertThat(complete(shaped, most).values()).isEqualTo(most);
    for (CredentialField field : CredentialField.values()) {
      String at = "/credential/" + field.wireName();
      if (shape.required().contains(field)) {
        Map<CredentialField, String> without = new EnumMap<>(least);
        without.remove(field);
        assertThat(faults(shaped, without)).contains(at + " required");
      } else if (!shape.optional().contains(field) && field != CredentialField.PROVIDER) {
        Map<CredentialField, String> with = new EnumMap<>(least);
        with.put(field, sample(field, shaped));
        assertThat(faults(shaped, with)).containsExactly(at + " not_allowed");
      }
    }
  }

  @Test
  void public_addresses_of_providers_are_stored_as_values_unless_others_are_given() {
    Map<String, String> addresses = new TreeMap<>();
    all()
        .forEach(
            shaped -> {
              Map<CredentialField, String> given = samples(shaped.shape().required(), shaped);
              for (CredentialField also : List.of(ROLE_ARN, SERVICE_ACCOUNT)) {
                if (shaped.shape().optional().contains(also)) {
                  given.put(also, sample(also, shaped));
                }
              }
              List<String> found = new ArrayList<>();
              CredentialSettings.ADDRESSES.forEach(
                  field -> complete(shaped, given).get(field).ifPresent(found::add));
              addresses.put(
                  shaped.provider().map(Enum::name).orElse(shaped.kind().wireName()),
                  String.join(" ", found));
            });

    assertThat(addresses)
        .containsEntry("OPENAI", "https://auth.openai.com/oauth/token")
        .containsEntry("ANTHROPIC", "https://api.anthropic.com/v1/oauth/token")
        .containsEntry("AWS", "https://sts.eu-central-1.amazonaws.com")
        .containsEntry("aws", "https://sts.eu-central-1.amazonaws.com")
        .containsEntry(
            "GOOGLE",
            "https://sts.googleapis.com/v1/token https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/models@project.iam.gserviceaccount.com:generateAccessToken")
        .containsEntry(
            "AZURE", "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token")
        .containsEntry("RFC8693", "https://tokens.example/oauth/token/")
        .containsEntry("api_key", "")
        .containsEntry("ambient", "");
  }

  @ParameterizedTest
  @CsvSource({
    "eu-central-1, https://sts.eu-central-1.amazonaws.com",
    "us-gov-west-1, https://sts.us-gov-west-1.amazonaws.com",
    "cn-north-1, https://sts.cn-north-1.amazonaws.com.cn",
    "eusc-de-east-1, https://sts.eusc-de-east-1.amazonaws.eu"
  })
  void the_token_service_is_in_the_domain_of_its_region(String region, String url) {
    assertThat(CredentialShape.stsUrl(region)).isEqualTo(url);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TOKEN_URL|ftp://tokens.example",
        "TOKEN_URL|https://user@tokens.example/t",
        "TOKEN_URL|https://tokens.example/t?x=y",
        "TOKEN_URL|https://tokens.example/../t",
        "TENANT|contoso/../common",
        "TENANT|a?b",
        "REGION|eu-central-1.evil.example",
        "REGION|eu-central-1/",
        "REGION|evil",
        "ROLE_ARN|arn:aws:iam::1:role/x",
        "ROLE_ARN|arn:aws:iam::123456789012:user/x",
        "SERVICE_ACCOUNT|a@b/../c",
        "SERVICE_ACCOUNT|no-address",
        "AUDIENCE|two words",
        "SCOPE|a  b",
        "ACCESS_KEY_ID|AKIA",
        "PROVIDER|myself",
        "CLOUD|ours",
        "CLIENT_ID|''",
      })
  void what_would_move_a_host_or_is_not_of_its_shape_is_refused(
      CredentialField field, String text) {
    assertThatThrownBy(() -> field.checked(text))
        .isInstanceOf(InvalidValue.class)
        .hasMessageStartingWith(field.wireName() + ": ")
        .hasMessageNotContaining("evil");
    Shaped oauth = new Shaped(CredentialKind.OAUTH_CLIENT, Optional.empty());
    assertThat(faults(oauth, Map.of(field, text)))
        .containsExactly("/credential/" + field.wireName() + " invalid_value");
  }

  @Test
  void an_address_is_asked_only_for_what_was_set_with_it() {
    Shaped aws = new Shaped(CredentialKind.AWS, Optional.empty());
    Map<CredentialField, String> given = samples(aws.shape().required(), aws);
    given.put(CredentialField.STS_URL, "https://sts.example");
    assertThat(faults(aws, given)).containsExactly("/credential/sts_url not_allowed");
    Shaped google = new Shaped(CredentialKind.FEDERATED, Optional.of(FederationProvider.GOOGLE));
    Map<CredentialField, String> pool = samples(google.shape().required(), google);
    pool.put(CredentialField.IMPERSONATION_URL, "https://iam.example");
    assertThat(faults(google, pool)).containsExactly("/credential/impersonation_url not_allowed");
  }

  @Test
  void a_credential_is_bound_to_everything_that_decides_where_and_as_whom_it_is_used() {
    Set<String> bound = new HashSet<>();
    List<CredentialBinding> bindings = new ArrayList<>();
    all()
        .forEach(
            shaped -> {
              CredentialShape shape = shaped.shape();
              Map<CredentialField, String> most = samples(shape.required(), shaped);
              most.putAll(samples(shape.optional(), shaped));
              bindings.add(bound(CredentialSettings.stored(shaped.kind(), most)));
              for (CredentialField field : most.keySet()) {
                Map<CredentialField, String> other = new EnumMap<>(most);
                other.put(field, most.get(field) + "x");
                bindings.add(bound(CredentialSettings.stored(shaped.kind(), other)));
                Map<CredentialField, String> without = new EnumMap<>(most);
                without.remove(field);
                bindings.add(bound(CredentialSettings.stored(shaped.kind(), without)));
              }
            });
    CredentialSettings none = CredentialSettings.NONE;
    bindings.add(
        new CredentialBinding(
            new UUID(1, 2), ENDPOINT, KeyPlacement.BEARER, SentSettings.NONE, none));
    bindings.add(
        new CredentialBinding(
            SERVICE, ENDPOINT, KeyPlacement.header("x-api-key"), SentSettings.NONE, none));
    for (String url :
        List.of(
            "http://models.example/v1",
            "https://models.example:8443/v1",
            "https://other.example/v1",
            "https://models.example/v2")) {
      bindings.add(
          new CredentialBinding(
              SERVICE, Endpoint.of(url), KeyPlacement.BEARER, SentSettings.NONE, none));
    }
    for (String line : List.of("query a=b", "header a=b", "query a=c")) {
      bindings.add(
          new CredentialBinding(
              SERVICE, ENDPOINT, KeyPlacement.BEARER, SentSettings.of(List.of(line)), none));
    }
    // The settings for OpenAI and for RFC 8693 are equal unless they name the provider.
    Set<CredentialBinding> different = new HashSet<>(bindings);
    for (CredentialBinding binding : different) {
      bound.add(text(KeyBinding.ofCredential(binding)));
      bound.add(text(KeyBinding.ofConfirmation(binding, OWNER)));
      bound.add(text(KeyBinding.ofConfirmation(binding, new User.Id(new UUID(1, 2)))));
    }

    assertThat(different.size()).isGreaterThan(60);
    assertThat(bound).hasSize(3 * different.size());
  }

  private static CredentialBinding bound(CredentialSettings settings) {
    return new CredentialBinding(
        SERVICE, ENDPOINT, KeyPlacement.BEARER, SentSettings.NONE, settings);
  }

  private static String text(KeyBinding binding) {
    return HexFormat.of().formatHex(binding.associatedData());
  }

  @Test
  void faults_never_repeat_what_was_given() {
    CredentialSettings.Result result =
        CredentialSettings.read(
            CredentialKind.OAUTH_CLIENT,
            Map.of(CredentialField.TOKEN_URL, "sk-secret in the wrong field"),
            "/credential");
    assertThat(((CredentialSettings.Result.Incomplete) result).faults())
        .extracting(Fault::detail)
        .noneMatch(detail -> detail.contains("sk-secret"));
  }

  @ParameterizedTest
  @CsvSource({
    "GOOGLE_SERVICE_ACCOUNT, {}, true",
    "OAUTH_CLIENT, -----BEGIN PRIVATE KEY-----, true",
    "OAUTH_CLIENT, -----BEGIN, true",
    "OAUTH_CLIENT, Bag Attributes -----BEGIN PRIVATE KEY-----, true",
    "OAUTH_CLIENT, -----BEGI, false",
    "OAUTH_CLIENT, a-client-secret, false",
    "AWS, -----BEGIN PRIVATE KEY-----, false",
    "API_KEY, -----BEGIN PRIVATE KEY-----, false"
  })
  void key_files_are_known_by_kind_and_content(CredentialKind kind, String text, boolean file) {
    assertThat(kind.isKeyFile(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(file);
  }

  /** The name "key" is too general: it is secret only in {@code credential}. */
  @ParameterizedTest
  @EnumSource(CredentialKind.class)
  void fields_for_secrets_are_secret_everywhere(CredentialKind kind) {
    assertThat(kind.secretFields()).allMatch(field -> CredentialKind.isSecret(field, true));
    assertThat(kind.secretFields())
        .filteredOn(field -> !field.equals("key"))
        .allMatch(field -> CredentialKind.isSecret(field, false));
  }
}
