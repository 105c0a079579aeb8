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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thief has the heap, the log, the files and the database of a node with five federated services,
 * and tries at the provider whatever looks like a credential.
 */
class StolenNodeJourneyTest {
  private static final String ISSUER = "https://claviger.example.org";
  private static final String AUDIENCE = "https://api.openai.com/v1";
  private static final int SERVICES = 5;

  /** The shortest that counts as a credential. */
  private static final int SHORTEST = 20;

  /** Tokens stand in quotes, behind a scheme, or between other marks. */
  private static final Pattern BETWEEN_MARKS = Pattern.compile("[A-Za-z0-9._~+/=-]{20,10240}");

  private static final Pattern STATEMENT =
      Pattern.compile("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

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

    assertThat(loot.candidates().stream().filter(tokens::accepts))
        .as("the tokens that are in use")
        .hasSize(SERVICES);
    assertThat(loot.hasPrivateKey()).isFalse();
    assertThat(opened()).startsWith("outside:v1:");
    clock.set(Instant.now().plus(Duration.ofMinutes(5)));
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

  /** Makes the services and calls each once. Returns their ids. */
  private List<String> callAll(Api root) {
    tokens.issuer(ISSUER, () -> root.get("/oauth/keys").body());
    tokens.demandTokens();
    Api alice =
        root.holding(
            root.post("/v1/users", Map.of("handle", "alice")).isStatus(201).text("/access_token"));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      TestResponse made =
          alice.put(
              "/v1/llm-services/alice/s" + i,
              Map.of(
                  "definition",
                  "_system/openai-small",
                  "endpoint",
                  journey.endpoint(),
                  "credential",
                  Map.of("kind", "federated", "federation", federation())));
      String id = made.isStatus(201).text("/id");
      tokens.rule("openai", "service:" + id, AUDIENCE, Map.of("service_account_id", "sa_1"));
      alice.embed("alice/s" + i).isStatus(200);
      ids.add(id);
    }
    for (int i = 0; i < SERVICES; i++) {
      alice.embed("alice/s" + i).isStatus(200); // a node that began to serve forgets once
    }
    String keys = root.get("/oauth/keys").body();
    tokens.issuer(ISSUER, () -> keys); // also when the node has ended
    return ids;
  }

  private Map<String, Object> federation() {
    return Map.of(
        "provider",
        "openai",
        "token_url",
        journey.provider().baseUrl() + "/tokens/openai",
        "audience",
        AUDIENCE,
        "identity_provider_id",
        "idp_1",
        "service_account_id",
        "sa_1");
  }

  private Loot loot(Program program) throws Exception {
    Loot loot = new Loot(new HashSet<>(), new HashSet<>(), new AtomicBoolean());
    Path dump = program.heapDump(directory);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
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
    loot.candidates().add(text);
    BETWEEN_MARKS.matcher(text).results().forEach(found -> loot.candidates().add(found.group()));
    STATEMENT.matcher(text).results().forEach(found -> loot.statements().add(found.group()));
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
