package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.stub.TokenUrls;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls of services of several kinds of credentials on several nodes, over several lifetimes of
 * their tokens, while the issuer's key is rotated. {@code benchmarks/credentials/run} does the same
 * with ten thousand calls of each, and kills a node in the middle.
 */
@Tag("thorough")
class TokenLifetimesJourneyTest {
  private static final String ISSUER = "https://claviger.example.org";
  private static final String ROLE = "arn:aws:iam::123456789012:role/lender";
  private static final String ACCOUNT = "lender@project.iam.gserviceaccount.com";
  private static final String AZURE = "api://AzureADTokenExchange";
  private static final String STS = "sts.amazonaws.com";
  private static final String OPENAI = "https://api.openai.com/v1";
  private static final String REGION = "eu-central-1";

  /** Of each kind. */
  private static final int CALLS = Integer.getInteger("lifetimes.calls", 40);

  /**
   * Of a token. A token is used for two thirds of it, and keys of AWS count in whole seconds. On a
   * busy machine, a node needs some seconds for its first token, so a token with a shorter lifetime
   * could be too old when it arrives.
   */
  private static final Duration LIFETIME =
      Duration.ofSeconds(Integer.getInteger("lifetimes.seconds", 9));

  /** In which all calls are made. */
  private static final Duration WHOLE =
      Duration.ofSeconds(Integer.getInteger("lifetimes.whole", 9));

  private static final boolean KILLS = Boolean.getBoolean("lifetimes.kill");

  @TempDir private Path directory = Path.of("");
  @AutoClose private final Journey journey = new Journey();
  private final Map<String, String> environment = environment();
  private final Node first = journey.startNode(environment);
  private final Node second = journey.startNode(environment);
  private final Api root = journey.root(first);
  private final String token =
      root.post("/v1/users", Map.of("handle", "alice")).isStatus(201).text("/access_token");
  private final Api alice = root.holding(token);
  private final TokenUrls tokens = journey.provider().tokens();
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicLong slowestNanos = new AtomicLong();

  private Map<String, String> environment() {
    Map<String, String> all = new HashMap<>(journey.environment());
    all.put("CLAVIGER_ISSUER_URL", ISSUER);
    return all;
  }

  private String tokenUrl(String name) {
    return journey.provider().baseUrl() + "/tokens/" + name;
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> federated(Map<String, String> federation) {
    return Map.of("kind", "federated", "federation", federation);
  }

  /** Each kind, by the handle of its service. */
  private Map<String, Map<String, Object>> credentials() {
    String secret = journey.key("secret");
    tokens.client("client", secret);
    tokens.accessKey("AKIASTUBSTUBSTUB", secret);
    tokens.role(ROLE, "AKIASTUBSTUBSTUB");
    KeyPair google = keys();
    tokens.serviceAccount(ACCOUNT, google.getPublic());
    String pem = Base64.getEncoder().encodeToString(google.getPrivate().getEncoded());
    String file =
        "{\"type\": \"service_account\", \"client_email\": \"%s\", \"private_key_id\": \"1\","
            + " \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n\"}";
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    all.put(
        "client",
        Map.of(
            "kind",
            "oauth_client",
            "client_id",
            "client",
            "client_secret",
            secret,
            "token_url",
            tokenUrl("client")));
    all.put(
        "google",
        Map.of(
            "kind",
            "google_service_account",
            "key",
            file.formatted(ACCOUNT, pem),
            "token_url",
            tokenUrl("google")));
    all.put(
        "aws",
        Map.of(
            "kind",
            "aws",
            "access_key_id",
            "AKIASTUBSTUBSTUB",
            "secret_access_key",
            secret,
            "region",
            REGION,
            "role_arn",
            ROLE,
            "sts_url",
            tokenUrl("sts")));
    all.put(
        "federated-openai",
        federated(
            Map.of(
                "provider",
                "openai",
                "audience",
                OPENAI,
                "identity_provider_id",
                "idp_1",
                "service_account_id",
                "sa_1",
                "token_url",
                tokenUrl("openai"))));
    all.put(
        "federated-azure",
        federated(
            Map.of(
                "provider",
                "azure",
                "tenant",
                "tenant-1",
                "client_id",
                "app-1",
                "token_url",
                tokenUrl("azure"))));
    all.put(
        "federated-aws",
        federated(
            Map.of(
                "provider",
                "aws",
                "role_arn",
                ROLE,
                "region",
                REGION,
                "sts_url",
                tokenUrl("sts"))));
    return all;
  }

  private void create(String handle, Map<String, Object> credential) {
    String id =
        alice
            .put("/v1/llm-services/alice/" + handle, journey.serviceWith(credential))
            .isStatus(201)
            .text("/id");
    switch (handle) {
      case "federated-openai" -> tokens.rule("openai", "service:" + id, OPENAI, Map.of());
      case "federated-azure" -> tokens.rule("azure", "service:" + id, AZURE, Map.of());
      case "federated-aws" -> tokens.rule(ROLE, "service:" + id, STS, Map.of());
      default -> {}
    }
  }

  @Test
  void no_call_is_refused_while_tokens_expire_and_the_issuers_key_is_rotated() throws Exception {
    String keySet = "/oauth/keys";
    tokens.issuer(ISSUER, () -> root.get(keySet).body());
    tokens.demandTokens();
    tokens.longestLifetime(LIFETIME);
    Map<String, Map<String, Object>> kinds = credentials();
    kinds.forEach(this::create);
    Optional<Program> third =
        KILLS ? Optional.of(Program.start(directory, environment, "serve")) : Optional.empty();
    List<Api> nodes = new ArrayList<>(List.of(alice, alice.at(second)));
    if (third.isPresent()) {
      nodes.add(third.get().ready().caller(token));
    }

    int before = tokens.made();
    List<Callable<Void>> callers = new ArrayList<>();
    for (String handle : kinds.keySet()) {
      AtomicInteger next = new AtomicInteger();
      for (Api node : nodes) {
        callers.add(() -> call(node, "alice/" + handle, next));
      }
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> running = callers.stream().map(threads::submit).toList();
      LockSupport.parkNanos(WHOLE.dividedBy(2).toNanos());
      root.post("/v1/issuer/_rotate", Map.of()).isStatus(200);
      root.post("/v1/issuer/_rotate", Map.of("uploaded", true)).isStatus(200);
      if (third.isPresent()) {
        third.get().kill();
      }
      root.post("/v1/issuer/_revoke", Map.of()).isStatus(200);
      assertThat(root.get("/v1/issuer").text("/keys/0/state")).isEqualTo("signing");
      for (Future<Void> each : running) {
        each.get(WHOLE.toSeconds() + 60, TimeUnit.SECONDS);
      }
    }

    int exchanges = tokens.made() - before;
    if (KILLS) {
      System.out.printf(
          "%d calls of %d kinds on %d nodes in %d s, tokens of %d s: %d tokens of token URLs, refused %s,"
              + " %d lost with a killed node, slowest %d ms%n",
          made.get(),
          kinds.size(),
          nodes.size(),
          WHOLE.toSeconds(),
          LIFETIME.toSeconds(),
          exchanges,
          refused,
          lost.get(),
          slowestNanos.get() / 1_000_000);
    }
    assertThat(refused).isEmpty();
    // Each node renews each token once in two thirds of its lifetime, and one more begins each.
    long each = WHOLE.multipliedBy(3).dividedBy(LIFETIME.multipliedBy(2)) + 2;
    assertThat(exchanges).isBetween(kinds.size(), (int) (each * kinds.size() * nodes.size()));
  }

  /** Calls a service at even times, until all callers together have called it often enough. */
  private Void call(Api node, String service, AtomicInteger next) {
    long began = System.nanoTime();
    long between = WHOLE.toNanos() / CALLS;
    for (int call = next.getAndIncrement(); call < CALLS; call = next.getAndIncrement()) {
      LockSupport.parkNanos(began + between * call - System.nanoTime());
      long sent = System.nanoTime();
      try {
        int status = node.embed(service).status();
        if (status != 200) {
          refused.merge(service + " " + status, 1, Integer::sum);
        }
        made.incrementAndGet();
      } catch (RuntimeException gone) {
        if (!KILLS) {
          throw gone;
        }
        lost.incrementAndGet();
        return null;
      }
      long took = System.nanoTime() - sent;
      slowestNanos.accumulateAndGet(took, Math::max);
    }
    return null;
  }
}
