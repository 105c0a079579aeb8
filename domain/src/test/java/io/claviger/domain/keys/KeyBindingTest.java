package io.claviger.domain.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.formats.BillingApi;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookUrl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyBindingTest {
  private static final Instance.Id INSTANCE =
      new Instance.Id(UUID.fromString("01980000-0000-7000-8000-00000000000a"));
  private static final User.Id USER =
      new User.Id(UUID.fromString("01980000-0000-7000-8000-00000000000b"));
  private static final Destination OPENAI =
      to("https://api.openai.com/v1", KeyMethod.AUTH_BEARER, "authorization");

  private static final Issuer ISSUER = new Issuer("https://id.example");

  private static Destination to(String endpoint, KeyMethod method, String field) {
    return new Destination(Endpoint.of(endpoint), new KeyPlacement(method, field));
  }

  private static KeyBinding ofUserKey(User.Id user, Destination destination) {
    return new KeyBinding(KeyBinding.Kind.USER_KEY, INSTANCE, Optional.of(user), destination);
  }

  private static String hex(KeyBinding binding) {
    return HexFormat.of().formatHex(binding.associatedData());
  }

  // The three golden vectors were made by another implementation of what the class says. When one
  // of them fails, stored keys no longer open.

  @Test
  void the_format_for_api_keys_does_not_change() {
    assertThat(hex(KeyBinding.ofApiKey(INSTANCE, OPENAI)))
        .isEqualTo(
            "01"
                + "00000010696e7374616e63652e6170695f6b6579"
                + "000000100198000000007000800000000000000a"
                + "00000000"
                + "000000056874747073"
                + "0000000e6170692e6f70656e61692e636f6d"
                + "00000003343433"
                + "000000032f7631"
                + "0000000b617574685f626561726572"
                + "0000000d617574686f72697a6174696f6e");
  }

  @Test
  void the_format_for_user_keys_does_not_change() {
    assertThat(
            hex(
                ofUserKey(
                    USER,
                    to("http://bücher.example:8080", KeyMethod.CUSTOM_HEADER, "X-Goog-Api-Key"))))
        .isEqualTo(
            "01"
                + "00000008757365725f6b6579"
                + "000000100198000000007000800000000000000a"
                + "000000100198000000007000800000000000000b"
                + "0000000468747470"
                + "00000015786e2d2d62636865722d6b76612e6578616d706c65"
                + "0000000438303830"
                + "00000000"
                + "0000000d637573746f6d5f686561646572"
                + "0000000e782d676f6f672d6170692d6b6579");
  }

  @Test
  void the_format_for_headers_does_not_change() {
    assertThat(
            hex(
                KeyBinding.ofHeaders(
                    INSTANCE, to("https://[::1]/a/b", KeyMethod.QUERY_PARAM, "key"))))
        .isEqualTo(
            "01"
                + "00000010696e7374616e63652e68656164657273"
                + "000000100198000000007000800000000000000a"
                + "00000000"
                + "000000056874747073"
                + "000000055b3a3a315d"
                + "00000003343433"
                + "000000042f612f62"
                + "0000000b71756572795f706172616d"
                + "000000036b6579");
  }

  @Test
  void a_refresh_token_is_bound_to_its_issuer_and_its_user() {
    User.Id otherUser = new User.Id(new UUID(0, 1));
    assertThat(
            List.of(
                hex(KeyBinding.ofRefreshToken(ISSUER, USER)),
                hex(KeyBinding.ofRefreshToken(ISSUER, otherUser)),
                hex(KeyBinding.ofRefreshToken(new Issuer("https://other.example"), USER))))
        .doesNotHaveDuplicates()
        .first()
        .isEqualTo(
            "01"
                + "0000000d726566726573685f746f6b656e"
                + "0000001268747470733a2f2f69642e6578616d706c65"
                + "000000100198000000007000800000000000000b");
  }

  @Test
  void what_is_bound_to_an_instance_is_no_refresh_token() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new KeyBinding(KeyBinding.Kind.REFRESH_TOKEN, INSTANCE, Optional.empty(), OPENAI));
  }

  @Test
  void a_webhooks_secret_is_bound_to_its_id_and_its_url() {
    Webhook.Id webhook = new Webhook.Id(INSTANCE.value());
    WebhookUrl url = WebhookUrl.of("https://h/a?b");
    assertThat(
            List.of(
                hex(KeyBinding.ofWebhookSecret(webhook, url)),
                hex(KeyBinding.ofWebhookSecret(new Webhook.Id(new UUID(0, 1)), url)),
                hex(KeyBinding.ofWebhookSecret(webhook, WebhookUrl.of("https://h/a?c")))))
        .doesNotHaveDuplicates()
        .first()
        .isEqualTo(
            "01"
                + "0000000e776562686f6f6b5f736563726574"
                + "000000100198000000007000800000000000000a"
                + "0000000d68747470733a2f2f682f613f62");
  }

  @Test
  void what_is_bound_to_an_instance_is_no_webhooks_secret() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new KeyBinding(KeyBinding.Kind.WEBHOOK_SECRET, INSTANCE, Optional.empty(), OPENAI));
  }

  @Test
  void a_billing_credential_is_bound_to_its_id_its_service_and_its_destination() {
    BillingCredential.Id id = new BillingCredential.Id(USER.value());
    Endpoint there = Endpoint.of("https://h:444/a");
    Instance.Id other = new Instance.Id(new UUID(0, 1));
    assertThat(
            List.of(
                billing(id, INSTANCE, BillingApi.OPENAI, there),
                billing(
                    new BillingCredential.Id(new UUID(0, 1)), INSTANCE, BillingApi.OPENAI, there),
                billing(id, other, BillingApi.OPENAI, there),
                billing(id, INSTANCE, BillingApi.ANTHROPIC, there),
                billing(id, INSTANCE, BillingApi.OPENAI, Endpoint.of("http://h:444/a")),
                billing(id, INSTANCE, BillingApi.OPENAI, Endpoint.of("https://i:444/a")),
                billing(id, INSTANCE, BillingApi.OPENAI, Endpoint.of("https://h:443/a")),
                billing(id, INSTANCE, BillingApi.OPENAI, Endpoint.of("https://h:444/b"))))
        .doesNotHaveDuplicates()
        .first()
        .isEqualTo(
            "01"
                + "0000001262696c6c696e675f63726564656e7469616c"
                + "000000100198000000007000800000000000000b"
                + "000000100198000000007000800000000000000a"
                + "000000066f70656e6169"
                + "000000056874747073"
                + "0000000168"
                + "00000003343434"
                + "000000022f61");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new KeyBinding(
                    KeyBinding.Kind.BILLING_CREDENTIAL, INSTANCE, Optional.empty(), OPENAI));
  }

  private static String billing(
      BillingCredential.Id id, Instance.Id service, BillingApi api, Endpoint endpoint) {
    return hex(
        KeyBinding.ofBillingCredential(
            new BillingCredential(
                id,
                service,
                api,
                endpoint,
                true,
                Optional.of("proj_1"),
                Optional.empty(),
                BillingCredential.ModelAccess.NO,
                Instant.EPOCH)));
  }

  /** A secret without a destination is bound only to its tag and its ids. */
  @Test
  void the_format_of_bindings_without_a_destination_does_not_change() {
    String service = "000000100198000000007000800000000000000a";
    assertThat(hex(KeyBinding.ofNamingKey(INSTANCE)))
        .isEqualTo("01" + part("naming_key") + service);
    assertThat(hex(KeyBinding.ofWaitingChange(USER.value(), INSTANCE)))
        .isEqualTo(
            "01" + part("waiting_change") + "000000100198000000007000800000000000000b" + service);
    assertThat(hex(KeyBinding.ofIssuerKey("k"))).isEqualTo("01" + part("issuer_key") + part("k"));
    assertThat(hex(KeyBinding.ofAuditKey("k"))).isEqualTo("01" + part("audit_key") + part("k"));
  }

  /** A secret and a confirmation of the same credential differ in their tags, besides the owner. */
  @Test
  void the_format_for_credentials_does_not_change() {
    CredentialSettings aws =
        CredentialSettings.stored(
            CredentialKind.AWS,
            Map.of(
                CredentialField.ACCESS_KEY_ID, "AKIA0123456789AB",
                CredentialField.REGION, "eu-west-1"));
    CredentialBinding credential =
        new CredentialBinding(
            INSTANCE.value(), OPENAI.endpoint(), OPENAI.placement(), SentSettings.NONE, aws);
    StringBuilder rest = new StringBuilder();
    credential.parts().forEach(each -> rest.append(part(each)));

    assertThat(hex(KeyBinding.ofCredential(credential)))
        .isEqualTo("01" + part("instance.credential") + part("") + rest);
    assertThat(hex(KeyBinding.ofConfirmation(credential, USER)))
        .isEqualTo(
            "01"
                + part("instance.credential_confirmation")
                + "000000100198000000007000800000000000000b"
                + rest);
    assertThat(KeyBinding.ofCredential(INSTANCE, USER, OPENAI, aws))
        .isEqualTo(KeyBinding.ofCredential(credential));
  }

  @Test
  void the_length_of_a_part_has_four_bytes() {
    String path = "/" + "a".repeat(0x123);

    assertThat(hex(KeyBinding.ofApiKey(INSTANCE, new Destination(at(path), KeyPlacement.NONE))))
        .contains("00000124" + HexFormat.of().formatHex(path.getBytes(US_ASCII)));
  }

  private static Endpoint at(String path) {
    return new Endpoint("https", "h", 443, path);
  }

  private static String part(String text) {
    return HexFormat.of().toHexDigits(text.length())
        + HexFormat.of().formatHex(text.getBytes(US_ASCII));
  }

  @Test
  void any_part_that_changes_changes_the_bytes() {
    User.Id otherUser = new User.Id(new UUID(0, 1));
    Instance.Id otherInstance = new Instance.Id(new UUID(0, 1));
    assertThat(
            List.of(
                hex(KeyBinding.ofApiKey(INSTANCE, OPENAI)),
                hex(KeyBinding.ofHeaders(INSTANCE, OPENAI)),
                hex(ofUserKey(USER, OPENAI)),
                hex(ofUserKey(otherUser, OPENAI)),
                hex(KeyBinding.ofApiKey(otherInstance, OPENAI)),
                changed("http://api.openai.com:443/v1", KeyMethod.AUTH_BEARER, "authorization"),
                changed("https://api.openai.org/v1", KeyMethod.AUTH_BEARER, "authorization"),
                changed("https://api.openai.com:444/v1", KeyMethod.AUTH_BEARER, "authorization"),
                changed("https://api.openai.com/v2", KeyMethod.AUTH_BEARER, "authorization"),
                changed("https://api.openai.com", KeyMethod.AUTH_BEARER, "authorization"),
                changed("https://api.openai.com/v1", KeyMethod.CUSTOM_HEADER, "key"),
                changed("https://api.openai.com/v1", KeyMethod.QUERY_PARAM, "key"),
                changed("https://api.openai.com/v1", KeyMethod.BODY_FORM, "key"),
                changed("https://api.openai.com/v1", KeyMethod.BODY_FORM, "kez"),
                changed("https://api.openai.com/v1", KeyMethod.NONE, "")))
        .doesNotHaveDuplicates();
  }

  private static String changed(String endpoint, KeyMethod method, String field) {
    return hex(KeyBinding.ofApiKey(INSTANCE, to(endpoint, method, field)));
  }

  @Test
  void where_one_part_ends_and_the_next_begins_counts() {
    assertThat(changed("https://ab/c", KeyMethod.QUERY_PARAM, "d"))
        .isNotEqualTo(changed("https://a/bc", KeyMethod.QUERY_PARAM, "d"));
    Endpoint early = new Endpoint("https", "a4", 43, "");
    Endpoint late = new Endpoint("https", "a", 443, "");
    assertThat(hex(KeyBinding.ofApiKey(INSTANCE, new Destination(early, KeyPlacement.NONE))))
        .isNotEqualTo(hex(KeyBinding.ofApiKey(INSTANCE, new Destination(late, KeyPlacement.NONE))));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.claviger.domain.Seeds#fresh")
  void no_two_bindings_have_the_same_bytes(long seed) {
    Random random = new Random(seed);
    Map<String, KeyBinding> seen = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      KeyBinding binding = random(random);
      KeyBinding before = seen.putIfAbsent(hex(binding), binding);
      if (before != null) {
        assertThat(before).isEqualTo(binding);
      }
    }
  }

  /** Creates bindings from few values, so that many bindings differ only a little. */
  private static KeyBinding random(Random random) {
    List<String> texts = new ArrayList<>(List.of("a", "b", "ab", "aa", "ba"));
    Collections.shuffle(texts, random);
    List<KeyBinding.Kind> kinds =
        List.of(
            KeyBinding.Kind.INSTANCE_API_KEY,
            KeyBinding.Kind.INSTANCE_HEADERS,
            KeyBinding.Kind.USER_KEY);
    KeyBinding.Kind kind = kinds.get(random.nextInt(kinds.size()));
    KeyMethod method =
        List.of(KeyMethod.CUSTOM_HEADER, KeyMethod.QUERY_PARAM, KeyMethod.BODY_FORM)
            .get(random.nextInt(3));
    return new KeyBinding(
        kind,
        new Instance.Id(new UUID(0, random.nextInt(2))),
        kind == KeyBinding.Kind.USER_KEY
            ? Optional.of(new User.Id(new UUID(0, random.nextInt(2))))
            : Optional.empty(),
        new Destination(
            new Endpoint(
                random.nextBoolean() ? "http" : "https",
                texts.get(0),
                1 + random.nextInt(12),
                random.nextBoolean() ? "" : "/" + texts.get(1)),
            new KeyPlacement(method, texts.get(2)),
            sent(random)));
  }

  private static SentSettings sent(Random random) {
    return SentSettings.of(
        List.of("query a=b", "header a=b", "query ab=b", "query a=bb").stream()
            .filter(unused -> random.nextInt(3) == 0)
            .toList());
  }

  @Test
  void a_key_is_bound_to_the_settings_that_are_sent_with_it() {
    Destination before = to("https://api.openai.com/v1", KeyMethod.AUTH_BEARER, "authorization");
    Destination sending =
        new Destination(
            before.endpoint(),
            before.placement(),
            SentSettings.of(List.of("header X-Host=ours.example")));
    Destination moved =
        new Destination(
            before.endpoint(),
            before.placement(),
            SentSettings.of(List.of("header X-Host=evil.example")));

    assertThat(
            List.of(
                hex(KeyBinding.ofApiKey(INSTANCE, before)),
                hex(KeyBinding.ofApiKey(INSTANCE, sending)),
                hex(KeyBinding.ofApiKey(INSTANCE, moved)),
                hex(KeyBinding.ofHeaders(INSTANCE, sending)),
                hex(KeyBinding.ofHeaders(INSTANCE, moved)),
                hex(KeyBinding.ofUserKey(INSTANCE, USER, sending)),
                hex(KeyBinding.ofUserKey(INSTANCE, USER, moved))))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(names = {"INSTANCE_API_KEY", "INSTANCE_HEADERS"})
  void what_is_the_instances_is_bound_to_no_user(KeyBinding.Kind kind) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeyBinding(kind, INSTANCE, Optional.of(USER), OPENAI));
  }

  @ParameterizedTest
  @EnumSource(names = {"NAMING_KEY", "ISSUER_KEY", "AUDIT_KEY", "WAITING_CHANGE"})
  void what_has_no_destination_is_bound_to_none(KeyBinding.Kind kind) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeyBinding(kind, INSTANCE, Optional.empty(), OPENAI));
  }

  @Test
  void a_users_key_is_bound_to_its_user() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new KeyBinding(KeyBinding.Kind.USER_KEY, INSTANCE, Optional.empty(), OPENAI));
  }

  @Test
  void endpoints_with_the_same_normal_form_are_one_binding() {
    assertThat(changed("HTTPS://API.OpenAI.com.:443/v1/", KeyMethod.AUTH_BEARER, "Authorization"))
        .isEqualTo(hex(KeyBinding.ofApiKey(INSTANCE, OPENAI)));
  }

  @Test
  void the_format_for_refresh_tokens_does_not_change() {
    assertThat(hex(KeyBinding.ofRefreshToken(new Issuer("https://id"), USER)))
        .isEqualTo(
            "01"
                + "0000000d726566726573685f746f6b656e"
                + "0000000a68747470733a2f2f6964"
                + "000000100198000000007000800000000000000b");
  }
}
