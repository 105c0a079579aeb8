package io.claviger.bootstrap.settings;

import io.claviger.application.identity.OidcSettings;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.identity.GroupSelection;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.OpenIssuers;
import io.claviger.domain.keys.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads and checks the settings of the OpenID provider. */
final class OidcVariables {
  private static final String PREFIX = "CLAVIGER_OIDC_";
  private static final String ISSUER = PREFIX + "ISSUER";
  private static final String CLIENT_ID = PREFIX + "CLIENT_ID";
  private static final String CLIENT_SECRET = PREFIX + "CLIENT_SECRET";
  private static final String SCOPES = PREFIX + "SCOPES";
  private static final String HANDLE_CLAIM = PREFIX + "HANDLE_CLAIM";
  private static final String HANDLE_DOMAIN = PREFIX + "HANDLE_DOMAIN";
  private static final String GROUPS = PREFIX + "GROUPS";
  private static final String GROUPS_CLAIM = PREFIX + "GROUPS_CLAIM";
  private static final String ADMIN_GROUP = PREFIX + "ADMIN_GROUP";
  private static final String ALLOWED_GROUPS = PREFIX + "ALLOWED_GROUPS";
  private static final String MAX_AGE = PREFIX + "MAX_AGE";
  private static final List<String> NEED_AN_ISSUER =
      List.of(
          CLIENT_ID,
          CLIENT_SECRET,
          CLIENT_SECRET + Variable.FILE,
          SCOPES,
          HANDLE_CLAIM,
          HANDLE_DOMAIN,
          GROUPS_CLAIM,
          GROUPS,
          ADMIN_GROUP,
          ALLOWED_GROUPS,
          MAX_AGE);

  /** The path to which the provider sends browsers back, relative to the public URL. */
  private static final String CALLBACK = "/console/sign-in/callback";

  private static final Pattern DOMAIN =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
  private static final Pattern AGE = Pattern.compile("([1-9][0-9]{0,4})([mhd])");
  private static final Duration SHORTEST_AGE = Duration.ofMinutes(15);
  private static final Duration LONGEST_AGE = Duration.ofDays(365);

  private final Environment environment;

  OidcVariables(Environment environment) {
    this.environment = environment;
  }

  /**
   * Returns the provider's settings; empty if there is no provider.
   *
   * @param publicUrl the base of the URL to which the provider sends browsers back; required if
   *     there is a provider
   */
  Optional<OidcSettings> read(Optional<URI> publicUrl) {
    Optional<String> given = environment.text(ISSUER);
    if (given.isEmpty()) {
      NEED_AN_ISSUER.stream()
          .filter(name -> environment.text(name).isPresent())
          .forEach(name -> environment.fault(name, "has no effect without " + ISSUER));
      return Optional.empty();
    }
    Optional<Issuer> issuer = issuer(given.get());
    Set<String> allowed = Set.copyOf(environment.list(ALLOWED_GROUPS));
    if (allowed.isEmpty() && issuer.filter(OpenIssuers::contain).isPresent()) {
      environment.fault(
          ISSUER,
          "is a provider with which anybody can have an account: say who may sign in by "
              + ALLOWED_GROUPS
              + ", or name the issuer of your organization alone");
    }
    if (publicUrl.isEmpty() && environment.text("CLAVIGER_PUBLIC_URL").isEmpty()) {
      environment.fault(
          "CLAVIGER_PUBLIC_URL",
          "is needed with " + ISSUER + ": the provider sends browsers back to it");
    }
    Optional<OidcSettings.Client> client = client(publicUrl);
    List<String> scopes = scopes();
    OidcSettings.Claims claims = claims();
    Optional<String> administrators = environment.text(ADMIN_GROUP);
    Duration maxAge = maxAge();
    return issuer.flatMap(
        from ->
            client.map(
                us -> new OidcSettings(from, us, scopes, claims, administrators, allowed, maxAge)));
  }

  private Optional<Issuer> issuer(String text) {
    try {
      return Optional.of(new Issuer(text));
    } catch (InvalidValue e) {
      environment.fault(ISSUER, "must be " + e.allowed());
      return Optional.empty();
    }
  }

  private Optional<OidcSettings.Client> client(Optional<URI> publicUrl) {
    Optional<String> id = environment.text(CLIENT_ID);
    if (id.isEmpty()) {
      environment.fault(CLIENT_ID, "is needed with " + ISSUER);
    }
    Optional<Secret> secret =
        new SecretVariables(environment)
            .textOrFile(CLIENT_SECRET)
            .map(text -> Secret.takingOver(text.strip().getBytes(StandardCharsets.UTF_8)));
    return id.flatMap(
        known ->
            publicUrl.map(url -> new OidcSettings.Client(known, secret, url.resolve(CALLBACK))));
  }

  private OidcSettings.Claims claims() {
    Optional<String> groups = environment.text(GROUPS_CLAIM);
    if (groups.isEmpty()) {
      for (String name : List.of(GROUPS, ADMIN_GROUP, ALLOWED_GROUPS)) {
        boolean byScim =
            name.equals(ADMIN_GROUP) && environment.isOn(SignInSettings.SCIM_ADMIN_GROUP, false);
        if (environment.text(name).isPresent() && !byScim) {
          environment.fault(name, "has no effect without " + GROUPS_CLAIM);
        }
      }
    } else if (Stream.of(GROUPS, ADMIN_GROUP, ALLOWED_GROUPS)
        .noneMatch(name -> environment.text(name).isPresent())) {
      environment.fault(
          GROUPS_CLAIM,
          "has no effect alone: say by " + GROUPS + " which groups are followed, * for all");
    }
    return new OidcSettings.Claims(
        environment.text(HANDLE_CLAIM).orElse(OidcSettings.DEFAULT_HANDLE_CLAIM),
        handleDomain(),
        groups,
        followed());
  }

  private Optional<String> handleDomain() {
    Optional<String> domain = environment.text(HANDLE_DOMAIN);
    if (domain.filter(text -> !DOMAIN.matcher(text).matches()).isPresent()) {
      environment.fault(HANDLE_DOMAIN, "must be a domain without @, such as example.org");
    }
    return domain;
  }

  private GroupSelection followed() {
    List<String> entries = environment.list(GROUPS);
    if (entries.stream()
        .anyMatch(entry -> entry.indexOf('*') < entry.length() - 1 && entry.contains("*"))) {
      environment.fault(
          GROUPS, "must be values and prefixes: * is allowed only at the end of a prefix");
    }
    return GroupSelection.of(entries);
  }

  private List<String> scopes() {
    List<String> scopes =
        environment
            .text(SCOPES)
            .map(text -> Arrays.asList(text.split(" +", -1)))
            .orElse(OidcSettings.DEFAULT_SCOPES);
    if (!scopes.contains("openid") || !scopes.stream().allMatch(s -> s.matches("[!#-\\[\\]-~]+"))) {
      environment.fault(SCOPES, "must be scopes separated by spaces, with openid among them");
      return OidcSettings.DEFAULT_SCOPES;
    }
    return scopes;
  }

  private Duration maxAge() {
    Optional<String> given = environment.text(MAX_AGE);
    if (given.isEmpty()) {
      return OidcSettings.DEFAULT_MAX_AGE;
    }
    Matcher age = AGE.matcher(given.get());
    if (age.matches()) {
      long count = Long.parseLong(age.group(1));
      Duration parsed =
          switch (age.group(2)) {
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (parsed.compareTo(SHORTEST_AGE) >= 0 && parsed.compareTo(LONGEST_AGE) <= 0) {
        return parsed;
      }
    }
    environment.fault(MAX_AGE, "must be a time from 15m to 365d, such as 90m, 12h or 7d");
    return OidcSettings.DEFAULT_MAX_AGE;
  }
}
