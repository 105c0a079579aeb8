package io.claviger.domain.credentials;

import static io.claviger.domain.credentials.CredentialField.IMPERSONATION_URL;
import static io.claviger.domain.credentials.CredentialField.PROVIDER;
import static io.claviger.domain.credentials.CredentialField.REGION;
import static io.claviger.domain.credentials.CredentialField.ROLE_ARN;
import static io.claviger.domain.credentials.CredentialField.SERVICE_ACCOUNT;
import static io.claviger.domain.credentials.CredentialField.STS_URL;

import io.claviger.domain.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings that a kind of credential can have. The API, the console and the checks follow from
 * this declaration.
 *
 * @param required the settings that have to be given
 * @param optional the settings that may be given
 * @param help what people read about a setting, where it differs from the text of {@link
 *     CredentialField}
 * @param defaults the values of missing settings, computed from the settings that were given; a
 *     default can depend on the defaults before it
 */
public record CredentialShape(
    List<CredentialField> required,
    List<CredentialField> optional,
    Map<CredentialField, String> help,
    List<Default> defaults) {
  /** The scope of Google's tokens for all APIs of its cloud. */
  public static final String GOOGLE_SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  static final CredentialShape NONE = requiring();

  /**
   * The default value of a setting.
   *
   * @param value computes the value; empty if the setting is not needed
   */
  record Default(
      CredentialField field, Function<Map<CredentialField, String>, Optional<String>> value) {}

  static CredentialShape requiring(CredentialField... fields) {
    return new CredentialShape(List.of(fields), List.of(), Map.of(), List.of());
  }

  CredentialShape allowing(CredentialField... fields) {
    return new CredentialShape(required, List.of(fields), help, defaults);
  }

  CredentialShape explaining(CredentialField field, String text) {
    Map<CredentialField, String> all = new EnumMap<>(CredentialField.class);
    all.putAll(help);
    all.put(field, text);
    return new CredentialShape(required, optional, all, defaults);
  }

  CredentialShape withDefault(CredentialField field, String value) {
    return withDefault(field, given -> Optional.of(value));
  }

  CredentialShape withDefault(
      CredentialField field, Function<Map<CredentialField, String>, Optional<String>> value) {
    return new CredentialShape(
        required,
        optional,
        help,
        Stream.concat(defaults.stream(), Stream.of(new Default(field, value))).toList());
  }

  /** Adds the address of AWS's Security Token Service in the region, if there is a role. */
  CredentialShape withRegionsSts() {
    return withDefault(
        STS_URL,
        given ->
            given.containsKey(ROLE_ARN)
                ? Optional.ofNullable(given.get(REGION)).map(CredentialShape::stsUrl)
                : Optional.empty());
  }

  /** Returns what people read about a setting of this kind. */
  public String help(CredentialField field) {
    return help.getOrDefault(field, field.words().help());
  }

  /** Returns all settings that people enter, the required ones first. */
  public List<CredentialField> entered() {
    return Stream.concat(required.stream(), optional.stream())
        .filter(field -> field != PROVIDER)
        .toList();
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
  Map<CredentialField, String> withDefaults(Map<CredentialField, String> complete) {
    Map<CredentialField, String> all = new EnumMap<>(CredentialField.class);
    all.putAll(complete);
    for (Default each : defaults) {
      if (!all.containsKey(each.field())) {
        each.value().apply(all).ifPresent(value -> all.put(each.field(), value));
      }
    }
    return all;
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
