package io.claviger.journeys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.custody.Keyring;
import io.claviger.custody.RsaStatementSigner;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.issuer.ServiceClaims;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.stub.TokenUrls;
import io.claviger.testkit.SettableClock;
import io.claviger.testkit.SoftHsm;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thief has the heap, the log, the files and the database of a node with five federated services,
 * and tries at the provider whatever looks like a credential.
 */
class StolenNodeJourneyTest {
  private static final String ISSUER = "https://claviger.example.org";
  private static final String AUDIENCE = "https://api.openai.com/v1";
  private static final String ROLE = "arn:aws:iam::123456789012:role/models";
  private static final String POOL =
      "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/c";
  private static final List<String> PROVIDERS =
      List.of("openai", "anthropic", "aws", "google", "azure");

  /** The longest lifetime of a token in this test: the lifetime of tokens of Google and Azure. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /** The minimum length of a text that counts as a credential. */
  private static final int SHORTEST = 20;

  /** Tokens stand in quotes, behind a scheme, or between other marks. */
  private static final Pattern BETWEEN_MARKS = Pattern.compile("[A-Za-z0-9._~+/=-]{20,10240}");

  private static final Pattern STATEMENT =
      Pattern.compile("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

  /** How many encodings are undone: a token in JSON in Base64 in a query has three. */
  private static final int ENCODED = 3;

  private static final Pattern PERCENT = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9A-Fa-f]{4})");
  private static final Pattern HEX = Pattern.compile("(?:[0-9A-Fa-f]{2}){20,}");
  private static final Pattern VISIBLE = Pattern.compile("[!-~]{20,10240}");
  private static final String BEDROCK = "bedrock-api-key-";

  /** How a private RSA key begins in PKCS #8: its version, and the identifier of RSA. */
  private static final String PRIVATE_KEY =
      new String(
          new byte[] {
            2,
            1,
            0,
            0x30,
            0x0d,
            6,
            9,
            0x2a,
            (byte) 0x86,
            0x48,
            (byte) 0x86,
            (byte) 0xf7,
            0x0d,
            1,
            1,
            1,
            5,
            0,
            4
          },
          ISO_8859_1);

  @TempDir private Path directory = Path.of("");
  @AutoClose private final Journey journey = new Journey();
  @AutoClose private final HttpClient http = HttpClient.newHttpClient();
  private final TokenUrls tokens = journey.provider().tokens();

  /** What the thief has. */
  private record Loot(
      Set<String> candidates, Set<String> statements, AtomicBoolean hasPrivateKey) {}

  @Tag("thorough")
  @Test
  void whoever_has_all_but_the_signing_key_has_nothing_when_the_tokens_have_expired()
      throws Exception {
    assumeTrue(SoftHsm.isInstalled(), SoftHsm.missing());
    SoftHsm hsm = SoftHsm.in(directory.resolve("hsm"));
    hsm.addRsaKey("issuer", 2048);
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.putAll(hsm.environment());
    environment.put("CLAVIGER_ISSUER_URL", ISSUER);
    environment.put("CLAVIGER_ISSUER_KEY", hsm.uri("issuer"));
    environment.put("CLAVIGER_LOG_LEVEL", "trace");
    environment.put(
        "CLAVIGER_PKCS11_PIN_FILE",
        Files.writeString(directory.resolve("pin"), SoftHsm.PIN + "\n").toString());
    SettableClock clock = new SettableClock(Instant.now());
    tokens.clock(clock);
    Loot loot;
    try (Program program = Program.start(directory, environment, "serve")) {
      Api root = program.ready().caller(Journey.ROOT_TOKEN);
      callAll(root);
      loot = loot(program);
    }

    assertThat(sent()).hasSize(PROVIDERS.size());
    assertThat(loot.candidates().stream().filter(tokens::accepts))
        .as("the tokens that are in use")
        .containsAll(sent());
    assertThat(loot.hasPrivateKey()).isFalse();
    assertThat(opened()).startsWith("outside:v1:");
    clock.set(Instant.now().plus(LONGEST));
    assertThat(loot.candidates().stream().filter(tokens::accepts)).isEmpty();
    assertThat(loot.statements().stream().filter(statement -> exchanged(statement) == 200))
        .isEmpty();
  }

  @Test
  void a_signing_key_that_is_in_the_database_is_a_credential_of_all_services() {
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.put("CLAVIGER_ISSUER_URL", ISSUER);
    Api root = journey.root(journey.startNode(environment));
    List<String> services = callAll(root);
    services.forEach(service -> trust("openai", service));

    try (Secret key = Secret.takingOver(opened().getBytes(ISO_8859_1))) {
      for (String service : services) {
        ServiceClaims claims =
            new ServiceClaims(
                new Issuer(ISSUER),
                ServiceClaims.subject(new Instance.Id(UUID.fromString(service))),
                Instance.Ref.of("alice/forged"),
                AUDIENCE,
                Instant.now(),
                UUID.randomUUID());
        String signed = claims.signingInput(kid(), "JWT");
        byte[] signature = new RsaStatementSigner().sign(key, signed.getBytes(US_ASCII));
        String statement =
            signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        assertThat(exchanged(statement)).isEqualTo(200);
      }
    }
  }

  /** Makes a service for each provider and calls each once. Returns their ids. */
  private List<String> callAll(Api root) {
    tokens.issuer(ISSUER, () -> root.get("/oauth/keys").body());
    tokens.demandTokens();
    Api alice =
        root.holding(
            root.post("/v1/users", Map.of("handle", "alice")).isStatus(201).text("/access_token"));
    List<String> ids = new ArrayList<>();
    for (String provider : PROVIDERS) {
      TestResponse made =
          alice.put(
              "/v1/llm-services/alice/" + provider,
              journey.serviceWith(Map.of("kind", "federated", "federation", federation(provider))));
      String id = made.isStatus(201).text("/id");
      trust(provider, id);
      alice.embed("alice/" + provider).isStatus(200);
      ids.add(id);
    }
    String keys = root.get("/oauth/keys").body();
    tokens.issuer(ISSUER, () -> keys); // also when the node has ended
    return ids;
  }

  /** What calls were sent with. */
  private Set<String> sent() {
    return journey.provider().requests().stream()
        .filter(request -> request.uri().startsWith("/v1/"))
        .map(request -> request.header("authorization").substring("Bearer ".length()))
        .collect(Collectors.toSet());
  }

  private String url(String path) {
    return journey.provider().baseUrl() + "/tokens/" + path;
  }

  private Map<String, Object> federation(String provider) {
    return switch (provider) {
      case "openai" ->
          Map.of(
              "provider",
              provider,
              "token_url",
              url("openai"),
              "audience",
              AUDIENCE,
              "identity_provider_id",
              "idp_1",
              "service_account_id",
              "sa_1");
      case "anthropic" ->
          Map.of(
              "provider", provider,
              "token_url", url("anthropic"),
              "audience", "https://api.anthropic.com",
              "federation_rule_id", "fdrl_1",
              "organization_id", "org_1",
              "service_account_id", "svac_1");
      case "aws" ->
          Map.of(
              "provider",
              provider,
              "sts_url",
              url("sts"),
              "role_arn",
              ROLE,
              "region",
              "eu-central-1");
      case "google" ->
          Map.of("provider", provider, "token_url", url("google-sts"), "audience", POOL);
      default ->
          Map.of(
              "provider",
              provider,
              "token_url",
              url("azure"),
              "tenant",
              "contoso.example",
              "client_id",
              "app-1");
    };
  }

  private void trust(String provider, String id) {
    String subject = "service:" + id;
    switch (provider) {
      case "openai" ->
          tokens.rule("openai", subject, AUDIENCE, Map.of("service_account_id", "sa_1"));
      case "anthropic" ->
          tokens.rule(
              provider,
              subject,
              "https://api.anthropic.com",
              Map.of("federation_rule_id", "fdrl_1"));
      case "aws" -> tokens.rule(ROLE, subject, "sts.amazonaws.com", Map.of("RoleSessionName", id));
      case "google" -> tokens.rule("google-sts", subject, POOL, Map.of("audience", POOL));
      default ->
          tokens.rule("azure", subject, "api://AzureADTokenExchange", Map.of("client_id", "app-1"));
    }
  }

  private Loot loot(Program program) throws Exception {
    Loot loot = new Loot(new HashSet<>(), new HashSet<>(), new AtomicBoolean());
    Path dump = program.heapDump(directory);
    try (Stream<Path> files = Files.walk(directory)) {
      // The token of the HSM is where the thief was not.
      Path hsm = directory.resolve("hsm");
      for (Path file :
          files.filter(Files::isRegularFile).filter(path -> !path.startsWith(hsm)).toList()) {
        search(Files.readAllBytes(file), loot);
      }
    }
    search(program.errors().getBytes(UTF_8), loot);
    search(journey.everything().getBytes(UTF_8), loot);
    Files.delete(dump);
    return loot;
  }

  private static void search(byte[] bytes, Loot loot) {
    if (new String(bytes, ISO_8859_1).contains(PRIVATE_KEY)) {
      loot.hasPrivateKey().set(true);
    }
    texts(bytes, 0, 1, loot);
    // Arrays of characters have two bytes for each.
    texts(bytes, 0, 2, loot);
    texts(bytes, 1, 2, loot);
  }

  /** Finds texts of visible characters, each of which is so many bytes after the one before. */
  private static void texts(byte[] bytes, int first, int step, Loot loot) {
    int length = 0;
    for (int i = first; i < bytes.length; i += step) {
      if (bytes[i] > ' ' && bytes[i] < 0x7f) {
        length++;
      } else {
        if (length >= SHORTEST) {
          add(text(bytes, i - length * step, step, length), loot);
        }
        length = 0;
      }
    }
  }

  private static String text(byte[] bytes, int from, int step, int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = bytes[from + i * step];
    }
    return new String(text, US_ASCII);
  }

  private static void add(String text, Loot loot) {
    add(text, ENCODED, loot);
  }

  /**
   * @param layers how many encodings inside of each other are undone
   */
  private static void add(String text, int layers, Loot loot) {
    loot.candidates().add(text);
    BETWEEN_MARKS.matcher(text).results().forEach(found -> loot.candidates().add(found.group()));
    STATEMENT.matcher(text).results().forEach(found -> loot.statements().add(found.group()));
    if (layers > 0) {
      decoded(text).forEach(inside -> add(inside, layers - 1, loot));
    }
  }

  /** What a text is if it, or a part of it between marks, is encoded. */
  static Set<String> decoded(String text) {
    Set<String> found = new HashSet<>();
    if (text.indexOf('%') >= 0) {
      found.add(
          PERCENT
              .matcher(text)
              .replaceAll(each -> Matcher.quoteReplacement(character(each.group(1)))));
    }
    if (text.indexOf('\\') >= 0) {
      String escaped =
          UNICODE
              .matcher(text)
              .replaceAll(each -> Matcher.quoteReplacement(character(each.group(1))));
      found.add(escaped.replaceAll("\\\\(.)", "$1"));
    }
    BETWEEN_MARKS
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .forEach(
            part -> {
              // What stands before it may be a name: token=…
              decodedAll(part, found);
              int equals = part.indexOf('=');
              if (equals >= 0 && equals < part.length() - SHORTEST) {
                decodedAll(part.substring(equals + 1), found);
              }
              if (part.startsWith(BEDROCK)) {
                decodedAll(part.substring(BEDROCK.length()), found);
              }
            });
    found.removeIf(inside -> inside.length() < SHORTEST || inside.equals(text));
    return found;
  }

  private static void decodedAll(String part, Set<String> found) {
    visible(bytes(Base64.getDecoder(), part), found);
    visible(bytes(Base64.getUrlDecoder(), part), found);
    if (HEX.matcher(part).matches()) {
      visible(HexFormat.of().parseHex(part), found);
    }
  }

  private static byte[] bytes(Base64.Decoder decoder, String part) {
    String whole = part.replaceAll("=+$", "");
    try {
      return decoder.decode(whole.substring(0, whole.length() - (whole.length() % 4 == 1 ? 1 : 0)));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static void visible(byte[] bytes, Set<String> found) {
    String text = new String(bytes, ISO_8859_1);
    VISIBLE.matcher(text).results().forEach(run -> found.add(run.group()));
  }

  private static String character(String hex) {
    return Character.toString(Integer.parseInt(hex, 16));
  }

  @Test
  void what_is_encoded_is_found() {
    String token = "stub-token-0123456789/abc+def~xyz";
    String base64 = Base64.getEncoder().encodeToString(token.getBytes(UTF_8));
    List<String> encoded =
        List.of(
            base64,
            Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(UTF_8)),
            HexFormat.of().formatHex(token.getBytes(UTF_8)),
            URLEncoder.encode(token, UTF_8),
            "\"" + token.replace("/", "\\/").replace("+", "\\u002b") + "\"",
            "access_token=" + URLEncoder.encode(base64, UTF_8),
            Base64.getEncoder()
                .encodeToString(("{\"access_token\":\"" + token + "\"}").getBytes(UTF_8)),
            "Authorization:Basic " + base64,
            "x=" + base64);
    for (String form : encoded) {
      Loot loot = new Loot(new HashSet<>(), new HashSet<>(), new AtomicBoolean());
      search((" " + form + "\n").getBytes(UTF_8), loot);
      assertThat(loot.candidates()).as(form).contains(token);
    }
  }

  private int exchanged(String statement) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(journey.provider().baseUrl() + "/tokens/openai"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    """
                    {"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                     "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                     "subject_token": "%s", "identity_provider_id": "idp_1",
                     "service_account_id": "sa_1"}
                    """
                        .formatted(statement)))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString(UTF_8)).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String kid() {
    return journey.column("select kid from issuer_keys where state = 'signing'").getFirst();
  }

  /** What the encryption key, which is in the heap too, opens of the issuer's key. */
  private String opened() {
    String sealed =
        journey
            .column("select encode(key_sealed, 'hex') from issuer_keys where state = 'signing'")
            .getFirst();
    SealedValue value = new SealedValue(HexFormat.of().parseHex(sealed));
    try (Secret opened =
        new TinkSealer(Keyring.of(Journey.ENCRYPTION_KEY.getBytes(US_ASCII)))
            .open(value, KeyBinding.ofIssuerKey(kid()))
            .orElseThrow()) {
      return opened.lend(bytes -> new String(bytes, ISO_8859_1));
    }
  }
}
