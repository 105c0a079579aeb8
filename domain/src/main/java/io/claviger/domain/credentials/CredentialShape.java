package io.claviger.domain.credentials;

import static io.claviger.domain.credentials.CredentialField.ACCESS_KEY_ID;
import static io.claviger.domain.credentials.CredentialField.AUDIENCE;
import static io.claviger.domain.credentials.CredentialField.CLIENT_ID;
import static io.claviger.domain.credentials.CredentialField.CLOUD;
import static io.claviger.domain.credentials.CredentialField.FEDERATION_RULE_ID;
import static io.claviger.domain.credentials.CredentialField.IDENTITY_PROVIDER_ID;
import static io.claviger.domain.credentials.CredentialField.IMPERSONATION_URL;
import static io.claviger.domain.credentials.CredentialField.ORGANIZATION_ID;
import static io.claviger.domain.credentials.CredentialField.PROVIDER;
import static io.claviger.domain.credentials.CredentialField.REGION;
import static io.claviger.domain.credentials.CredentialField.ROLE_ARN;
import static io.claviger.domain.credentials.CredentialField.SCOPE;
import static io.claviger.domain.credentials.CredentialField.SERVICE_ACCOUNT;
import static io.claviger.domain.credentials.CredentialField.SERVICE_ACCOUNT_ID;
import static io.claviger.domain.credentials.CredentialField.STS_URL;
import static io.claviger.domain.credentials.CredentialField.TENANT;
import static io.claviger.domain.credentials.CredentialField.TOKEN_URL;
import static io.claviger.domain.credentials.CredentialField.WORKSPACE_ID;

import io.claviger.domain.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The settings that a kind of credential can have.
 *
 * @param required the settings that have to be given
 * @param optional the settings that may be given
 */
public record CredentialShape(List<CredentialField> required, List<CredentialField> optional) {
  /** The scope of Google's tokens for all APIs of its cloud. */
  public static final String GOOGLE_SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  /**
   * @param provider the provider that exchanges statements; used only for {@link
   *     CredentialKind#FEDERATED}
   */
  public static CredentialShape of(CredentialKind kind, Optional<FederationProvider> provider) {
    return switch (kind) {
      case API_KEY, NONE -> new CredentialShape(List.of(), List.of());
      case OAUTH_CLIENT ->
          new CredentialShape(List.of(CLIENT_ID, TOKEN_URL), List.of(SCOPE, AUDIENCE));
      case GOOGLE_SERVICE_ACCOUNT -> new CredentialShape(List.of(TOKEN_URL), List.of(SCOPE));
      case AWS -> new CredentialShape(List.of(ACCESS_KEY_ID, REGION), List.of(ROLE_ARN, STS_URL));
      case AMBIENT -> new CredentialShape(List.of(CLOUD), List.of());
      case FEDERATED ->
          provider
              .map(CredentialShape::of)
              .orElseGet(() -> new CredentialShape(List.of(PROVIDER), List.of()));
    };
  }

  private static CredentialShape of(FederationProvider provider) {
    return switch (provider) {
      case OPENAI ->
          new CredentialShape(
              List.of(PROVIDER, IDENTITY_PROVIDER_ID, SERVICE_ACCOUNT_ID, AUDIENCE),
              List.of(TOKEN_URL));
      case ANTHROPIC ->
          new CredentialShape(
              List.of(PROVIDER, FEDERATION_RULE_ID, ORGANIZATION_ID, SERVICE_ACCOUNT_ID, AUDIENCE),
              List.of(WORKSPACE_ID, TOKEN_URL));
      case AWS -> new CredentialShape(List.of(PROVIDER, ROLE_ARN, REGION), List.of(STS_URL));
      case GOOGLE ->
          new CredentialShape(
              List.of(PROVIDER, AUDIENCE),
              List.of(SERVICE_ACCOUNT, SCOPE, TOKEN_URL, IMPERSONATION_URL));
      case AZURE ->
          new CredentialShape(List.of(PROVIDER, TENANT, CLIENT_ID), List.of(SCOPE, TOKEN_URL));
      case RFC8693 -> new CredentialShape(List.of(PROVIDER, TOKEN_URL), List.of(SCOPE, AUDIENCE));
    };
  }

  /**
   * Returns a fault for each missing setting and for each setting that the kind of credential does
   * not have.
   */
  List<Fault> faults(Map<CredentialField, String> given, String at) {
    List<Fault> faults = new ArrayList<>();
    for (CredentialField field : required) {
      if (!given.containsKey(field)) {
        faults.add(
            new Fault(
                at + "/" + field.wireName(),
                "required",
                "This kind of credential needs this setting."));
      }
    }
    for (CredentialField field : given.keySet()) {
      if (!required.contains(field) && !optional.contains(field)) {
        faults.add(
            new Fault(
                at + "/" + field.wireName(),
                "not_allowed",
                "This kind of credential has " + names() + "."));
      }
    }
    if (given.containsKey(IMPERSONATION_URL)
        && optional.contains(SERVICE_ACCOUNT)
        && !given.containsKey(SERVICE_ACCOUNT)) {
      faults.add(needs(at, IMPERSONATION_URL, SERVICE_ACCOUNT));
    }
    if (given.containsKey(STS_URL) && optional.contains(ROLE_ARN) && !given.containsKey(ROLE_ARN)) {
      faults.add(needs(at, STS_URL, ROLE_ARN));
    }
    return faults;
  }

  private static Fault needs(String at, CredentialField field, CredentialField other) {
    return new Fault(
        at + "/" + field.wireName(),
        "not_allowed",
        "This address is used only if there is a " + other.wireName() + ".");
  }

  private String names() {
    List<CredentialField> all = new ArrayList<>(required);
    all.addAll(optional);
    return all.isEmpty()
        ? "no settings"
        : all.stream().map(CredentialField::wireName).collect(Collectors.joining(", "));
  }

  /**
   * Adds default values for missing settings: the providers' public addresses, and the scopes that
   * model calls need.
   */
  static Map<CredentialField, String> withDefaults(
      CredentialKind kind, Map<CredentialField, String> complete) {
    Map<CredentialField, String> all = new EnumMap<>(CredentialField.class);
    all.putAll(complete);
    switch (kind) {
      case API_KEY, NONE, OAUTH_CLIENT, AMBIENT -> {}
      case GOOGLE_SERVICE_ACCOUNT -> all.putIfAbsent(SCOPE, GOOGLE_SCOPE);
      case AWS -> {
        if (all.containsKey(ROLE_ARN)) {
          all.putIfAbsent(STS_URL, stsUrl(given(all, REGION)));
        }
      }
      case FEDERATED -> addDefaults(all);
    }
    return all;
  }

  private static String given(Map<CredentialField, String> all, CredentialField field) {
    return Objects.requireNonNull(all.get(field));
  }

  private static void addDefaults(Map<CredentialField, String> all) {
    switch (FederationProvider.of(given(all, PROVIDER))) {
      case OPENAI -> all.putIfAbsent(TOKEN_URL, "https://auth.openai.com/oauth/token");
      case ANTHROPIC -> all.putIfAbsent(TOKEN_URL, "https://api.anthropic.com/v1/oauth/token");
      case AWS -> all.putIfAbsent(STS_URL, stsUrl(given(all, REGION)));
      case GOOGLE -> {
        all.putIfAbsent(TOKEN_URL, "https://sts.googleapis.com/v1/token");
        all.putIfAbsent(SCOPE, GOOGLE_SCOPE);
        if (all.containsKey(SERVICE_ACCOUNT)) {
          all.putIfAbsent(
              IMPERSONATION_URL,
              "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
                  + all.get(SERVICE_ACCOUNT)
                  + ":generateAccessToken");
        }
      }
      case AZURE -> {
        all.putIfAbsent(
            TOKEN_URL,
            "https://login.microsoftonline.com/" + all.get(TENANT) + "/oauth2/v2.0/token");
        all.putIfAbsent(SCOPE, "https://cognitiveservices.azure.com/.default");
      }
      case RFC8693 -> {}
    }
  }

  /**
   * Returns the address of AWS's Security Token Service in a region. Regions in China and of the
   * European Sovereign Cloud have domains of their own.
   */
  public static String stsUrl(String region) {
    String domain =
        region.startsWith("cn-")
            ? "amazonaws.com.cn"
            : region.startsWith("eusc-") ? "amazonaws.eu" : "amazonaws.com";
    return "https://sts." + region + "." + domain;
  }
}
