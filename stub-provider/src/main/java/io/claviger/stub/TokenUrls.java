package io.claviger.stub;

import static io.claviger.stub.JsonTemplates.quoted;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The addresses at which the stub issues tokens, and the callers known to the stub. At first, the
 * stub knows no callers. A test adds them. There is one path for each kind of credential. {@code
 * /tokens/client} is for clients as in RFC 6749 and 7523, {@code /tokens/google} for service
 * accounts of Google, and {@code /tokens/sts} for AWS. {@link FederationTokens} lists the paths for
 * statements. The stub verifies all signatures.
 *
 * <p>A token from the stub is accepted as a key until it expires. Calls with an expired token are
 * answered with 401. All tokens of the same subject belong to the same account. This class is
 * thread-safe.
 */
public final class TokenUrls {
  /** The lies in answers to requests for tokens. */
  public enum Lie {
    NONE,
    /** The token has expired already when it is issued. */
    EXPIRED,
    /** The token is valid for ten seconds. */
    SHORT,
    /** The token is valid for a year. */
    YEAR,
    /** The stated lifetime is not a whole number, which is allowed but rare. */
    LIFETIME_WITH_FRACTION,
    /** The stated lifetime is not a number. */
    LIFETIME_IN_WORDS,
    /** The token's lifetime is not stated. */
    NO_LIFETIME,
    /** The type of the token is not {@code bearer}. */
    OTHER_TYPE,
    /** The answer contains no token. */
    NO_TOKEN,
    /** The token contains a line break. */
    BROKEN_TOKEN,
    /** The answer is a web page instead of a token. */
    PAGE,
    /** The answer is XML with a document type that makes a parser read a file. */
    ENTITIES,
    /** The answer is an error that repeats the secret in the request. */
    SECRET_IN_ERROR
  }

  private static final String PREFIX = "/tokens/";

  /**
   * The proof that callers must present to request the identity of a container or an App Service.
   */
  public static final String PROOF = "proof-of-being-in-the-container";

  private static final String TOKEN = "stub-token-";
  private static final int MOST = 10_000;
  private static final int LIFETIME = 900;
  private static final SecureRandom RANDOM = new SecureRandom();

  private record Client(@Nullable String secret, @Nullable PublicKey key) {}

  private record Issued(String subject, Instant expires) {}

  private final String scheme;
  private final Map<String, Client> clients = new ConcurrentHashMap<>();
  private final Map<String, PublicKey> serviceAccounts = new ConcurrentHashMap<>();
  private final Set<String> audiences = ConcurrentHashMap.newKeySet();
  private final Map<String, Issued> issued = new LinkedHashMap<>();
  private final StatementCheck statements = new StatementCheck();
  private final Map<String, StubOperation> operations = new HashMap<>();
  private final Map<String, StubOperation> metadata = new HashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private volatile Lie lie = Lie.NONE;
  private volatile int longest = Integer.MAX_VALUE;
  private volatile boolean postOnly;
  private volatile int headerStatus = 401;
  private volatile String headerError = "invalid_client";
  private volatile boolean demanded;
  private volatile InstantSource clock = InstantSource.system();
  private final FederationTokens federation = new FederationTokens(this);
  private final AwsTokens aws = new AwsTokens(() -> lie, this::now, this::lasting, federation);

  /**
   * @param scheme the scheme of the URL at which callers reach the stub
   */
  TokenUrls(String scheme) {
    this.scheme = scheme;
    operations.put("client", this::client);
    operations.put("google", this::google);
    operations.put("sts", aws::sts);
    operations.put("openai", federation::openai);
    operations.put("anthropic", federation::anthropic);
    operations.put("google-sts", federation::google);
    operations.put("google-impersonation", federation::impersonate);
    operations.put("azure", federation::azure);
    operations.put("exchange", federation::standard);
    metadata.put("/metadata/identity/oauth2/token", this::azureMachine);
    metadata.put("/msi/token", this::azureAgent);
    metadata.put(
        "/computeMetadata/v1/instance/service-accounts/default/token", this::googleMachine);
    metadata.put("/v1/credentials", call -> aws.container(call, PROOF));
  }

  /** Adds a client that proves its identity with a secret. */
  public void client(String id, String secret) {
    clients.put(id, new Client(secret, null));
  }

  /** Adds a client that proves its identity with a signature. */
  public void client(String id, PublicKey key) {
    clients.put(id, new Client(null, key));
  }

  /** Adds a Google service account. */
  public void serviceAccount(String address, PublicKey key) {
    serviceAccounts.put(address, key);
  }

  /** Adds an AWS access key. */
  public void accessKey(String id, String secret) {
    aws.accessKey(id, secret);
  }

  /**
   * Adds an AWS role.
   *
   * @param trusted the ids of the access keys with which callers may assume the role
   */
  public void role(String arn, String... trusted) {
    aws.role(arn, Set.of(trusted));
  }

  /**
   * Trusts an issuer of statements.
   *
   * @param keySet the function that returns the issuer's key set as JSON; called for each statement
   */
  public void issuer(String issuer, Supplier<String> keySet) {
    federation.issuer(issuer, keySet);
  }

  /**
   * Issues tokens for statements of the trusted issuer with exactly this subject and audience.
   *
   * @param at the path of the token URL, or the ARN of the AWS role, for which the tokens are
   *     issued
   * @param fields further fields that the request must contain
   */
  public void rule(String at, String subject, String audience, Map<String, String> fields) {
    federation.rule(at, subject, audience, fields);
  }

  /** Accepts Bedrock keys only for this region. */
  public void bedrockRegion(String only) {
    aws.region(only);
  }

  /**
   * Lets callers assume an AWS role with statements that are about the given subject and signed
   * with the given key.
   */
  public void webIdentity(String role, PublicKey key, String subject) {
    aws.trust(role, key, subject);
  }

  /**
   * Restricts the issued tokens to these audiences from now on. Without a call of this method,
   * tokens are issued for every audience.
   */
  public void audiences(String... accepted) {
    audiences.addAll(List.of(accepted));
  }

  /** Accepts clients' secrets only in the body, as some servers do. */
  public void acceptSecretsInBodyOnly() {
    acceptSecretsInBodyOnly(401, "invalid_client");
  }

  /**
   * Accepts clients' secrets only in the body, as some servers do, and answers a request without a
   * secret in the body with this status and error.
   */
  public void acceptSecretsInBodyOnly(int status, String error) {
    postOnly = true;
    headerStatus = status;
    headerError = error;
  }

  /** Limits the lifetime of all tokens issued from now on. */
  public void longestLifetime(Duration lifetime) {
    longest = (int) lifetime.toSeconds();
  }

  /** Makes the stub accept only its own tokens as keys from now on. */
  public void demandTokens() {
    demanded = true;
  }

  public void lie(Lie value) {
    lie = value;
  }

  /** Sets the stub's clock. */
  public void clock(InstantSource value) {
    clock = value;
  }

  /** Returns how many tokens the stub has issued. */
  public int made() {
    return count.get();
  }

  /**
   * Whether the stub would accept a call with this key now. This method lets tests try many keys
   * quickly.
   */
  public boolean accepts(String key) {
    return !refuses(key);
  }

  /** Forgets all callers and tokens, and stops giving wrong answers. */
  public synchronized void forget() {
    clients.clear();
    serviceAccounts.clear();
    audiences.clear();
    aws.forget();
    federation.forget();
    issued.clear();
    count.set(0);
    lie = Lie.NONE;
    longest = Integer.MAX_VALUE;
    postOnly = false;
    demanded = false;
    clock = InstantSource.system();
  }

  boolean isOne(String path) {
    return path.contains(PREFIX) || metadata.containsKey(path);
  }

  @Nullable StubOperation find(String method, String path) {
    @Nullable StubOperation nearby = method.equals("GET") ? metadata.get(path) : null;
    if (nearby != null) {
      return call -> answered(nearby, call);
    }
    int at = path.indexOf(PREFIX);
    StubOperation operation =
        at < 0 || !method.equals("POST")
            ? null
            : operations.get(path.substring(at + PREFIX.length()));
    return operation == null ? null : call -> answered(operation, call);
  }

  /** Whether the call's key is a token that is not valid now. */
  boolean refuses(@Nullable String key) {
    if (key != null && AwsTokens.isOne(key)) {
      return aws.subject(key) == null;
    }
    return (key == null || !key.startsWith(TOKEN)) ? demanded : !isValid(key);
  }

  private synchronized boolean isValid(String token) {
    Issued found = issued.get(token);
    return found != null && now().isBefore(found.expires());
  }

  /** Returns the account of a key. All tokens of the same subject belong to the same account. */
  synchronized @Nullable String account(@Nullable String key) {
    if (key != null && AwsTokens.isOne(key)) {
      return aws.subject(key);
    }
    Issued found = key == null ? null : issued.get(key);
    return found == null ? key : found.subject();
  }

  Instant now() {
    return clock.instant();
  }

  int lasting(int seconds) {
    return Math.min(seconds, longest);
  }

  StatementCheck statements() {
    return statements;
  }

  private StubResponse answered(StubOperation operation, StubCall call) {
    StubResponse answer;
    boolean xml = call.path().endsWith("/sts");
    if (lie == Lie.SECRET_IN_ERROR && !xml) {
      answer = error(400, "invalid_request", "not understood: " + sent(call));
    } else if (lie == Lie.PAGE) {
      answer =
          StubResponse.of(
              200, "text/html", "<html>Sign in</html>".getBytes(StandardCharsets.US_ASCII));
    } else {
      try {
        answer = operation.answer(call);
      } catch (Refused refused) {
        answer = refused.response();
      }
    }
    return answer.with(
        "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now().atOffset(ZoneOffset.UTC)));
  }

  /** Returns everything in a request that could be a secret, in decoded form. */
  private static String sent(StubCall call) {
    StringBuilder sent = new StringBuilder();
    String basic = call.headers().get("Authorization");
    if (basic != null && basic.startsWith("Basic ")) {
      sent.append(decodedBasic(basic)).append(' ');
    }
    for (String field :
        List.of("client_secret", "client_assertion", "assertion", "subject_token")) {
      @Nullable String value = call.fields().scalar(field);
      sent.append(value == null ? "" : value + " ");
    }
    return sent.toString();
  }

  private static String decodedBasic(String header) {
    try {
      return new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused(401, "invalid_client", "The Authorization header is not Base64.");
    }
  }

  /**
   * Issues a token for client credentials (RFC 6749, 4.4), with authentication by RFC 6749 or RFC
   * 7523.
   */
  private StubResponse client(StubCall call) {
    String id = authenticated(call);
    if (!"client_credentials".equals(call.fields().scalar("grant_type"))) {
      throw refused(400, "unsupported_grant_type", "Only client credentials are accepted.");
    }
    demandAudience(call.fields().scalar("audience"));
    return token(id);
  }

  void demandAudience(@Nullable String audience) {
    if (!audiences.isEmpty() && (audience == null || !audiences.contains(audience))) {
      throw refused(403, "access_denied", "Service not found: " + audience);
    }
  }

  private String authenticated(StubCall call) {
    @Nullable String basic = call.headers().get("Authorization");
    @Nullable String assertion = call.fields().scalar("client_assertion");
    if (assertion != null) {
      return byAssertion(call, assertion);
    }
    @Nullable String id = call.fields().scalar("client_id");
    @Nullable String secret = call.fields().scalar("client_secret");
    if (postOnly && secret == null) {
      throw refused(headerStatus, headerError, "Client authentication failed.");
    }
    if (basic != null && basic.startsWith("Basic ") && !postOnly) {
      String[] both = decodedBasic(basic).split(":", 2);
      id = decoded(both[0]);
      secret = both.length < 2 ? null : decoded(both[1]);
    }
    Client known = id == null ? null : clients.get(id);
    if (known == null || known.secret() == null || !known.secret().equals(secret)) {
      throw refused(401, "invalid_client", "Client authentication failed.");
    }
    return String.valueOf(id);
  }

  private static String decoded(String form) {
    try {
      return URLDecoder.decode(form, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused(401, "invalid_client", "The Authorization header is not form-encoded.");
    }
  }

  private String byAssertion(StubCall call, String assertion) {
    if (!"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        .equals(call.fields().scalar("client_assertion_type"))) {
      throw refused(400, "invalid_request", "client_assertion_type is missing or unknown.");
    }
    String id = StatementCheck.claim(assertion, "sub");
    Client known = clients.get(id);
    if (known == null || known.key() == null) {
      throw refused(401, "invalid_client", "Client authentication failed.");
    }
    StatementCheck.Claims claims =
        statements.verified(assertion, known.key(), Set.of(address(call)), now());
    if (!claims.text("iss").equals(id)) {
      throw refused(401, "invalid_client", "The issuer of the assertion is not the client.");
    }
    if (!statements.isFirst(claims)) {
      throw refused(401, "invalid_client", "The assertion was used before, or has no jti.");
    }
    return id;
  }

  /** Issues a token for a Google service account, by the JWT bearer grant (RFC 7523, 2.1). */
  private StubResponse google(StubCall call) {
    @Nullable String assertion = call.fields().scalar("assertion");
    if (assertion == null
        || !"urn:ietf:params:oauth:grant-type:jwt-bearer"
            .equals(call.fields().scalar("grant_type"))) {
      throw refused(400, "unsupported_grant_type", "Invalid grant_type");
    }
    String address = StatementCheck.claim(assertion, "iss");
    PublicKey key = serviceAccounts.get(address);
    if (key == null) {
      throw refused(400, "invalid_grant", "Invalid grant: account not found");
    }
    StatementCheck.Claims claims =
        statements.verified(assertion, key, Set.of(address(call)), now());
    if (claims.text("scope").isEmpty()) {
      throw refused(400, "invalid_scope", "Empty or missing scope not allowed.");
    }
    Duration asked = Duration.ofSeconds(claims.number("exp") - claims.number("iat"));
    return token(address, (int) asked.toSeconds());
  }

  private StubResponse googleMachine(StubCall call) {
    if (!"Google".equals(call.headers().get("Metadata-Flavor"))) {
      throw refused(403, "forbidden", "Missing Metadata-Flavor:Google header.");
    }
    return token("google-machine").with("Metadata-Flavor", "Google");
  }

  private StubResponse azureMachine(StubCall call) {
    if (!"true".equals(call.headers().get("Metadata"))) {
      throw refused(400, "invalid_request", "Required metadata header not specified");
    }
    demandResource(call);
    return token("azure-machine");
  }

  /**
   * Answers like an Azure agent, which states when a token expires, but not how long it is valid.
   */
  private StubResponse azureAgent(StubCall call) {
    if (!PROOF.equals(call.headers().get("X-IDENTITY-HEADER"))) {
      throw refused(401, "unauthorized", "The header is not mine.");
    }
    demandResource(call);
    long expires = now().plusSeconds(LIFETIME).getEpochSecond();
    return StubResponse.json(
        200,
        "{\"access_token\": \"%s\", \"expires_on\": \"%d\", \"token_type\": \"Bearer\"}"
            .formatted(issue("azure-agent", LIFETIME), expires));
  }

  private static void demandResource(StubCall call) {
    if (!"https://cognitiveservices.azure.com".equals(ModelPage.parameter(call, "resource"))) {
      throw refused(400, "invalid_resource", "The resource is not known.");
    }
  }

  /** Returns the token URL as the caller knows it. */
  String address(StubCall call) {
    return scheme + "://" + call.headers().get("Host") + call.path();
  }

  private StubResponse token(String subject) {
    return token(subject, LIFETIME);
  }

  /** Issues a token, or answers with a lie about the token. */
  StubResponse token(String subject, int asked) {
    int seconds = lasting(asked);
    String lifetime =
        switch (lie) {
          case EXPIRED -> "0";
          case SHORT -> "10";
          case YEAR -> "31536000";
          case LIFETIME_WITH_FRACTION -> seconds + ".75";
          case LIFETIME_IN_WORDS -> "\"soon\"";
          default -> Integer.toString(seconds);
        };
    String token = issue(subject, lie == Lie.SHORT ? 10 : seconds);
    String shown = lie == Lie.BROKEN_TOKEN ? token + "\n" + token : token;
    return StubResponse.json(
        200,
        "{%s\"token_type\": \"%s\"%s}"
            .formatted(
                lie == Lie.NO_TOKEN ? "" : "\"access_token\": " + quoted(shown) + ", ",
                lie == Lie.OTHER_TYPE ? "mac" : "Bearer",
                lie == Lie.NO_LIFETIME ? "" : ", \"expires_in\": " + lifetime));
  }

  synchronized String issue(String subject, int seconds) {
    byte[] random = new byte[20];
    RANDOM.nextBytes(random);
    String token = TOKEN + HexFormat.of().formatHex(random);
    if (issued.size() >= MOST) {
      issued.remove(issued.keySet().iterator().next());
    }
    issued.put(token, new Issued(subject, now().plusSeconds(seconds)));
    count.incrementAndGet();
    return token;
  }

  static Refused refused(int status, String error, String description) {
    return new Refused(error(status, error, description));
  }

  private static StubResponse error(int status, String error, String description) {
    return StubResponse.json(
        status,
        "{\"error\": %s, \"error_description\": %s}".formatted(quoted(error), quoted(description)));
  }
}
