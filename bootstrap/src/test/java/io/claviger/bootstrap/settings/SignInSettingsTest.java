package io.claviger.bootstrap.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.identity.OidcSettings;
import io.claviger.domain.identity.GroupSelection;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.scim.ScimSubject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignInSettingsTest {
  private static final String ISSUER = "CLAVIGER_OIDC_ISSUER";
  private static final Map<String, String> WITH_PROVIDER =
      Map.of(
          "CLAVIGER_PUBLIC_URL",
          "https://claviger.example.org",
          ISSUER,
          "https://id.example.org/realms/lab",
          "CLAVIGER_OIDC_CLIENT_ID",
          "claviger");

  @ParameterizedTest
  @CsvSource({
    "https://claviger.example.org, , https://claviger.example.org",
    "https://claviger.example.org/, , https://claviger.example.org",
    "http://claviger.example.org, , ",
    "http://localhost:8080, , http://localhost:8080",
    "http://claviger.example.org, https://keys.example.org/claviger/,"
        + " https://keys.example.org/claviger",
    ", https://keys.example.org, https://keys.example.org"
  })
  void the_issuer_is_where_providers_can_read_its_keys_safely(
      @Nullable String publicUrl, @Nullable String issuerUrl, @Nullable String issuer) {
    Map<String, String> environment = new HashMap<>();
    if (publicUrl != null) {
      environment.put("CLAVIGER_PUBLIC_URL", publicUrl);
    }
    if (issuerUrl != null) {
      environment.put("CLAVIGER_ISSUER_URL", issuerUrl);
    }

    assertThat(Settings.from(environment).signIn().issuer().map(Issuer::value))
        .isEqualTo(Optional.ofNullable(issuer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://keys.example.org",
        "keys.example.org",
        "https://k.example.org?a",
        "https://k.example.org:99999"
      })
  void an_issuer_that_providers_could_not_read_safely_is_refused(String url) {
    assertThat(Faults.of("CLAVIGER_ISSUER_URL", url))
        .singleElement()
        .asString()
        .startsWith("CLAVIGER_ISSUER_URL must be https:");
  }

  @Test
  void nobody_signs_in_with_claviger_itself() {
    Map<String, String> environment = new HashMap<>(WITH_PROVIDER);
    environment.put("CLAVIGER_ISSUER_URL", "https://id.example.org/realms/lab");

    assertThat(Faults.of(environment))
        .anyMatch(fault -> fault.startsWith("CLAVIGER_OIDC_ISSUER is Claviger's own issuer"));
  }

  @Test
  void without_settings_there_is_no_provider_and_everybody_may_sign_in_locally() {
    assertThat(Settings.from(Map.of()).signIn().oidc()).isEmpty();
    assertThat(Settings.from(Map.of()).signIn().publicUrl()).isEmpty();
    assertThat(Settings.from(Map.of()).signIn().local()).isTrue();
    assertThat(Settings.from(Map.of("CLAVIGER_LOCAL_SIGN_IN", "off")).signIn().local()).isFalse();
  }

  @Test
  void a_provider_needs_an_issuer_a_client_and_where_browsers_come_back_to() {
    OidcSettings oidc = Settings.from(WITH_PROVIDER).signIn().oidc().orElseThrow();
    assertThat(oidc.issuer().value()).isEqualTo("https://id.example.org/realms/lab");
    assertThat(oidc.client().id()).isEqualTo("claviger");
    assertThat(oidc.client().secret()).isEmpty();
    assertThat(oidc.client().redirectUri())
        .isEqualTo(URI.create("https://claviger.example.org/console/sign-in/callback"));
    assertThat(oidc.scopes()).containsExactly("openid", "profile", "email", "offline_access");
    assertThat(oidc.claims().handle()).isEqualTo("preferred_username");
    assertThat(oidc.claims().groups()).isEmpty();
    assertThat(oidc.maxAge()).isEqualTo(Duration.ofDays(7));
    assertThat(Faults.of(ISSUER, "https://id.example.org"))
        .containsExactly(
            "CLAVIGER_PUBLIC_URL is needed with CLAVIGER_OIDC_ISSUER: the provider sends browsers"
                + " back to it",
            "CLAVIGER_OIDC_CLIENT_ID is needed with CLAVIGER_OIDC_ISSUER");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CLAVIGER_OIDC_CLIENT_ID",
        "CLAVIGER_OIDC_CLIENT_SECRET",
        "CLAVIGER_OIDC_SCOPES",
        "CLAVIGER_OIDC_HANDLE_CLAIM",
        "CLAVIGER_OIDC_HANDLE_DOMAIN",
        "CLAVIGER_OIDC_GROUPS_CLAIM",
        "CLAVIGER_OIDC_GROUPS",
        "CLAVIGER_OIDC_ADMIN_GROUP",
        "CLAVIGER_OIDC_ALLOWED_GROUPS",
        "CLAVIGER_OIDC_MAX_AGE"
      })
  void what_has_no_effect_without_an_issuer_is_refused(String name) {
    assertThat(Faults.of(name, "1d"))
        .containsExactly(name + " has no effect without CLAVIGER_OIDC_ISSUER");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://id.example.org",
        "http://10.0.0.7:8080",
        "id.example.org",
        "ldap://id.example.org",
        "https://u:p@id.example.org",
        "https://id.example.org?tenant=1",
        "https://id.example.org#x",
        "https://"
      })
  void an_issuer_that_is_neither_https_nor_this_machine_is_refused(String issuer) {
    assertThat(Faults.of(with(ISSUER, issuer)))
        .singleElement()
        .asString()
        .startsWith("CLAVIGER_OIDC_ISSUER must be an https URL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:8180/realms/x", "http://127.0.0.1", "http://[::1]:1"})
  void an_issuer_on_this_machine_may_be_plain_http(String issuer) {
    assertThat(Faults.of(with(ISSUER, issuer))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://accounts.google.com",
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
        "https://LOGIN.microsoftonline.com/Consumers/v2.0",
        "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        "https://gitlab.com"
      })
  void a_provider_of_everybody_needs_the_groups_that_may_sign_in(String issuer) {
    Map<String, String> variables = with(ISSUER, issuer);
    assertThat(Faults.of(variables))
        .singleElement()
        .asString()
        .startsWith("CLAVIGER_OIDC_ISSUER is a provider with which anybody can have an account");
    variables.put("CLAVIGER_OIDC_GROUPS_CLAIM", "hd");
    variables.put("CLAVIGER_OIDC_ALLOWED_GROUPS", "example.org, example.net");
    assertThat(Settings.from(variables).signIn().oidc().orElseThrow().allowedGroups())
        .containsExactlyInAnyOrder("example.org", "example.net");
  }

  @Test
  void a_tenant_of_one_organization_needs_no_groups() {
    assertThat(
            Faults.of(
                with(
                    ISSUER,
                    "https://login.microsoftonline.com/6f1a2c3d-0000-4000-8000-000000000001/v2.0")))
        .isEmpty();
  }

  @Test
  void the_operator_says_which_groups_are_followed() {
    Map<String, String> variables = with("CLAVIGER_OIDC_GROUPS_CLAIM", "groups");
    assertThat(Faults.of(variables))
        .containsExactly(
            "CLAVIGER_OIDC_GROUPS_CLAIM has no effect alone: say by CLAVIGER_OIDC_GROUPS which"
                + " groups are followed, * for all");

    variables.put("CLAVIGER_OIDC_GROUPS", "staff, lab-*");
    OidcSettings.Claims claims = Settings.from(variables).signIn().oidc().orElseThrow().claims();
    assertThat(claims.followed()).isEqualTo(new GroupSelection(Set.of("staff"), List.of("lab-")));

    variables.put("CLAVIGER_OIDC_GROUPS", "*");
    assertThat(Settings.from(variables).signIn().oidc().orElseThrow().claims().followed())
        .isEqualTo(GroupSelection.ALL);

    variables.put("CLAVIGER_OIDC_GROUPS", "a*b");
    assertThat(Faults.of(variables)).singleElement().asString().contains("end of a prefix");
  }

  @Test
  void scim_is_set_up_by_three_variables() {
    assertThat(Settings.from(WITH_PROVIDER).signIn().scim()).isEqualTo(ScimSettings.DEFAULT);
    Map<String, String> variables = with("CLAVIGER_SCIM_SUBJECT", "userName=oid");
    variables.put("CLAVIGER_SCIM_DELETE", "on");
    variables.put("CLAVIGER_SCIM_ADMIN_GROUP", "on");
    variables.put("CLAVIGER_OIDC_ADMIN_GROUP", "admins");
    assertThat(Settings.from(variables).signIn().scim())
        .isEqualTo(
            new ScimSettings(
                new ScimSubject(ScimSubject.Attribute.USER_NAME, ScimSubject.Claim.OID),
                true,
                Optional.of("admins")));
    assertThat(Faults.of("CLAVIGER_SCIM_SUBJECT", "email=sub"))
        .containsExactly(
            "CLAVIGER_SCIM_SUBJECT must be externalId or userName, an equals sign, and sub or oid,"
                + " such as externalId=oid");
    assertThat(Faults.of("CLAVIGER_SCIM_ADMIN_GROUP", "on"))
        .containsExactly(
            "CLAVIGER_SCIM_ADMIN_GROUP needs CLAVIGER_OIDC_ADMIN_GROUP, which names the group");
  }

  @Test
  void an_administrators_group_alone_follows_no_group() {
    Map<String, String> variables = with("CLAVIGER_OIDC_GROUPS_CLAIM", "groups");
    variables.put("CLAVIGER_OIDC_ADMIN_GROUP", "admins");
    assertThat(Settings.from(variables).signIn().oidc().orElseThrow().claims().followed())
        .isEqualTo(GroupSelection.NONE);
  }

  @Test
  void the_domain_of_handles_is_one() {
    assertThat(
            Settings.from(with("CLAVIGER_OIDC_HANDLE_DOMAIN", "example.org"))
                .signIn()
                .oidc()
                .orElseThrow()
                .claims()
                .handleDomain())
        .contains("example.org");
    assertThat(Faults.of(with("CLAVIGER_OIDC_HANDLE_DOMAIN", "@example.org"))).hasSize(1);
  }

  @Test
  void groups_without_the_claim_that_lists_them_are_refused() {
    Map<String, String> variables = with("CLAVIGER_OIDC_ADMIN_GROUP", "admins");
    variables.put("CLAVIGER_OIDC_ALLOWED_GROUPS", "staff");
    assertThat(Faults.of(variables))
        .containsExactly(
            "CLAVIGER_OIDC_ADMIN_GROUP has no effect without CLAVIGER_OIDC_GROUPS_CLAIM",
            "CLAVIGER_OIDC_ALLOWED_GROUPS has no effect without CLAVIGER_OIDC_GROUPS_CLAIM");
  }

  @ParameterizedTest
  @CsvSource({"15m, PT15M", "12h, PT12H", "7d, P7D", "365d, P365D"})
  void the_age_of_a_sign_in_has_a_unit(String text, Duration age) {
    assertThat(
            Settings.from(with("CLAVIGER_OIDC_MAX_AGE", text))
                .signIn()
                .oidc()
                .orElseThrow()
                .maxAge())
        .isEqualTo(age);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "14m", "366d", "0d", "-1d", "P7D", "1w", "99999d"})
  void an_age_out_of_bounds_or_without_a_unit_is_refused(String text) {
    assertThat(Faults.of(with("CLAVIGER_OIDC_MAX_AGE", text)))
        .containsExactly(
            "CLAVIGER_OIDC_MAX_AGE must be a time from 15m to 365d, such as 90m, 12h or 7d");
  }

  @Test
  void the_scopes_have_openid_among_them() {
    assertThat(Faults.of(with("CLAVIGER_OIDC_SCOPES", "profile email"))).hasSize(1);
    assertThat(Faults.of(with("CLAVIGER_OIDC_SCOPES", "openid \"x"))).hasSize(1);
    assertThat(Faults.of(with("CLAVIGER_OIDC_SCOPES", "openid groups"))).isEmpty();
  }

  @Test
  void the_clients_secret_is_read_from_a_file_and_never_printed(@TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), "hunter2\n");
    Settings settings = Settings.from(with("CLAVIGER_OIDC_CLIENT_SECRET_FILE", file.toString()));
    OidcSettings oidc = settings.signIn().oidc().orElseThrow();
    boolean right =
        oidc.client()
            .secret()
            .orElseThrow()
            .lend(bytes -> new String(bytes, UTF_8).equals("hunter2"));
    assertThat(right).isTrue();
    assertThat(settings.toString()).doesNotContain("hunter2");
    assertThat(settings.secretFiles()).containsKey("CLAVIGER_OIDC_CLIENT_SECRET_FILE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claviger.example.org",
        "https://claviger.example.org/claviger",
        "https://x?a=b",
        "https://x:0",
        "https://x:65536",
        "ftp://x"
      })
  void a_public_url_is_scheme_host_and_port(String url) {
    assertThat(Faults.of("CLAVIGER_PUBLIC_URL", url))
        .singleElement()
        .asString()
        .startsWith("CLAVIGER_PUBLIC_URL must be http:// or https:// with a host");
    assertThat(Settings.from(Map.of("CLAVIGER_PUBLIC_URL", "https://x:8443/")).signIn().publicUrl())
        .contains(URI.create("https://x:8443"));
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> variables = new HashMap<>(WITH_PROVIDER);
    variables.put(name, value);
    return variables;
  }
}
