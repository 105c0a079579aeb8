package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.stub.TokenUrls.Lie;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Handles access keys as AWS does. The stub issues temporary access keys to callers who may assume
 * a role, and accepts the short-term keys of Bedrock. To verify a signature, the stub computes the
 * signature with AWS's own signer.
 */
final class AwsTokens {
  private static final String KEY = "bedrock-api-key-";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=(\\w+)/\\d{8}/([a-z0-9-]+)/sts/aws4_request,"
              + " SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}");
  private static final Pattern SCOPE =
      Pattern.compile("(\\w+)/\\d{8}/([a-z0-9-]+)/bedrock/aws4_request");
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final int MOST = 1_000;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

  /** An access key. A temporary access key has a token, and expires. */
  private record AccessKey(
      String id, String secret, @Nullable String token, Instant ends, String subject) {
    AwsCredentialsIdentity identity() {
      return token == null
          ? AwsCredentialsIdentity.create(id, secret)
          : AwsSessionCredentialsIdentity.create(id, secret, token);
    }
  }

  /**
   * The key with which the statements for a role must be signed, and the subject that these
   * statements must contain.
   */
  private record Trust(PublicKey key, String subject) {}

  private final Map<String, AccessKey> keys = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> roles = new ConcurrentHashMap<>();
  private final Map<String, Trust> trusts = new ConcurrentHashMap<>();
  private final StatementCheck statements = new StatementCheck();
  private final Supplier<Lie> lie;
  private final Supplier<Instant> now;
  private final IntUnaryOperator lasting;
  private final FederationTokens federation;
  private volatile String region = "";

  /**
   * @param lasting the function from a token's requested lifetime to its actual lifetime, in
   *     seconds
   */
  AwsTokens(
      Supplier<Lie> lie,
      Supplier<Instant> now,
      IntUnaryOperator lasting,
      FederationTokens federation) {
    this.lie = lie;
    this.now = now;
    this.lasting = lasting;
    this.federation = federation;
  }

  void accessKey(String id, String secret) {
    keys.put(id, new AccessKey(id, secret, null, Instant.MAX, id));
  }

  /**
   * @param trusted the ids of the access keys with which callers may assume the role
   */
  void role(String arn, Set<String> trusted) {
    roles.put(arn, trusted);
  }

  void trust(String role, PublicKey key, String subject) {
    trusts.put(role, new Trust(key, subject));
  }

  void region(String only) {
    region = only;
  }

  void forget() {
    keys.clear();
    roles.clear();
    trusts.clear();
    region = "";
  }

  static boolean isOne(String key) {
    return key.startsWith(KEY);
  }

  /** Returns the account of a short-term Bedrock key; null if the key is not valid now. */
  @Nullable String subject(String key) {
    try {
      String request = new String(Base64.getDecoder().decode(key.substring(KEY.length())), UTF_8);
      return request.endsWith("&Version=1")
          ? subject(URI.create("https://" + request.substring(0, request.length() - 10)))
          : null;
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  private @Nullable String subject(URI request) {
    Map<String, List<String>> query = new QueryStringDecoder(request).parameters();
    Matcher scope = SCOPE.matcher(one(query, "X-Amz-Credential"));
    if (!scope.matches() || !(region.isEmpty() || region.equals(scope.group(2)))) {
      return null;
    }
    AccessKey known = keys.get(scope.group(1));
    Instant signed = time(one(query, "X-Amz-Date"));
    Duration lifetime = Duration.ofSeconds(Long.parseLong(one(query, "X-Amz-Expires")));
    if (known == null
        || !"CallWithBearerToken".equals(one(query, "Action"))
        || !now.get().isBefore(known.ends())
        || !now.get().isBefore(signed.plus(lifetime))
        || signed.isAfter(now.get().plus(SKEW))) {
      return null;
    }
    SdkHttpFullRequest unsigned =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create("https://bedrock.amazonaws.com/"))
            .putRawQueryParameter("Action", "CallWithBearerToken")
            .build();
    SdkHttpRequest again =
        SIGNER
            .sign(
                SignRequest.builder(known.identity())
                    .request(unsigned)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "bedrock")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, scope.group(2))
                    .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                    .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, lifetime)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(signed, ZoneOffset.UTC))
                    .build())
            .request();
    return new QueryStringDecoder(again.getUri()).parameters().equals(query)
            && request.getHost().equals(again.host())
        ? known.subject()
        : null;
  }

  private static String one(Map<String, List<String>> query, String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.size() == 1 ? values.get(0) : "";
  }

  private static Instant time(String text) {
    return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
  }

  /** Answers a call to AWS's Security Token Service. */
  StubResponse sts(StubCall call) {
    String action = String.valueOf(call.fields().scalar("Action"));
    return switch (action) {
      case "AssumeRole" -> assumeRole(call);
      case "AssumeRoleWithWebIdentity" ->
          trusts.containsKey(String.valueOf(call.fields().scalar("RoleArn")))
              ? assumeRoleWithWebIdentity(call)
              : assumeFederatedRole(call);
      default -> throw refused(400, "InvalidAction", "Could not find operation " + action);
    };
  }

  private StubResponse assumeRole(StubCall call) {
    AccessKey caller = signer(call);
    if (lie.get() == Lie.SECRET_IN_ERROR) {
      throw refused(400, "ValidationError", "You sent " + caller.secret());
    }
    String role = String.valueOf(call.fields().scalar("RoleArn"));
    if (!roles.getOrDefault(role, Set.of()).contains(caller.id())) {
      throw refused(
          403,
          "AccessDenied",
          "User: arn:aws:iam::123456789012:user/%s is not authorized to perform: sts:AssumeRole on resource: %s"
              .formatted(caller.id(), role));
    }
    return temporary(call, "AssumeRole", role);
  }

  /** Answers a call with a statement of an issuer that the role trusts. */
  private StubResponse assumeFederatedRole(StubCall call) {
    String role = String.valueOf(call.fields().scalar("RoleArn"));
    String statement = String.valueOf(call.fields().scalar("WebIdentityToken"));
    if (lie.get() == Lie.SECRET_IN_ERROR) {
      throw refused(400, "ValidationError", "You sent " + statement);
    }
    try {
      String unused = federation.subject(call, role, statement);
    } catch (Refused other) {
      throw (Refused)
          refused(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
              .initCause(other);
    }
    return temporary(call, "AssumeRoleWithWebIdentity", role);
  }

  /** Answers a call with a signed statement about a Kubernetes pod. */
  private StubResponse assumeRoleWithWebIdentity(StubCall call) {
    String role = String.valueOf(call.fields().scalar("RoleArn"));
    @Nullable String statement = call.fields().scalar("WebIdentityToken");
    Trust trust = trusts.get(role);
    if (trust == null || statement == null) {
      throw refused(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }
    if (lie.get() == Lie.SECRET_IN_ERROR) {
      throw refused(400, "InvalidIdentityToken", "You sent " + statement);
    }
    try {
      StatementCheck.Claims claims =
          statements.verified(statement, trust.key(), Set.of("sts.amazonaws.com"), now.get());
      if (!claims.text("sub").equals(trust.subject())) {
        throw refused(
            403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
      }
    } catch (Refused invalid) {
      throw invalid.response().contentType().equals("text/xml")
          ? invalid
          : refused(
              400, "InvalidIdentityToken", "The token is not valid, or is not meant for STS.");
    }
    return temporary(call, "AssumeRoleWithWebIdentity", role);
  }

  /**
   * Answers like a container's agent, which gives an access key to callers with the agent's token.
   */
  StubResponse container(StubCall call, String proof) {
    if (!proof.equals(call.headers().get("Authorization"))) {
      return StubResponse.json(
          401, "{\"code\": \"AccessDenied\", \"message\": \"The token is not mine.\"}");
    }
    AccessKey made = made("container", 3_600);
    return StubResponse.json(
        200,
        "{\"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"%s\", \"Token\": \"%s\", \"Expiration\": \"%s\"}"
            .formatted(
                made.id(),
                made.secret(),
                made.token(),
                lie.get() == Lie.EXPIRED ? now.get().minusSeconds(1) : made.ends()));
  }

  /** Answers with an access key that is valid for the requested time. */
  private StubResponse temporary(StubCall call, String action, String role) {
    String asked = String.valueOf(call.fields().scalar("DurationSeconds"));
    int seconds = asked.matches("\\d{1,6}") ? Integer.parseInt(asked) : 0;
    if (seconds < 900) {
      throw refused(
          400, "ValidationError", "DurationSeconds must have value greater than or equal to 900");
    }
    AccessKey made = made(role, lasting.applyAsInt(seconds));
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("AccessKeyId", made.id());
    shown.put("SecretAccessKey", made.secret());
    shown.put("SessionToken", String.valueOf(made.token()));
    shown.put("Expiration", made.ends().toString());
    switch (lie.get()) {
      case EXPIRED -> shown.put("Expiration", now.get().minusSeconds(1).toString());
      case SHORT -> shown.put("Expiration", now.get().plusSeconds(10).toString());
      case YEAR -> shown.put("Expiration", now.get().plusSeconds(31_536_000).toString());
      case LIFETIME_IN_WORDS -> shown.put("Expiration", "soon");
      case NO_LIFETIME -> shown.remove("Expiration");
      case NO_TOKEN -> shown.remove("SecretAccessKey");
      default -> {}
    }
    if ("application/json".equals(call.headers().get("Accept"))) {
      return json(action, shown);
    }
    StringBuilder xml = new StringBuilder();
    shown.forEach((name, value) -> xml.append("<%s>%s</%s>".formatted(name, value, name)));
    return xml(
        200,
        """
        %s<%sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%sResult>
        <Credentials>%s</Credentials></%sResult></%sResponse>
        """
            .formatted(
                lie.get() == Lie.ENTITIES
                    ? "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>"
                    : "",
                action,
                action,
                xml,
                action,
                action));
  }

  /** Answers a caller who accepts only JSON. */
  private static StubResponse json(String action, Map<String, String> shown) {
    String fields =
        shown.entrySet().stream()
            .map(each -> "\"%s\": \"%s\"".formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining(", "));
    return StubResponse.json(
        200,
        "{\"%sResponse\": {\"%sResult\": {\"Credentials\": {%s}}}}"
            .formatted(action, action, fields));
  }

  private AccessKey made(String subject, int seconds) {
    AccessKey made =
        new AccessKey(
            "ASIA" + random(8),
            random(20),
            Base64.getEncoder().encodeToString(random(40).getBytes(UTF_8)),
            now.get().plusSeconds(seconds),
            subject);
    if (keys.size() >= MOST) {
      keys.clear();
    }
    keys.put(made.id(), made);
    return made;
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().withUpperCase().formatHex(random);
  }

  /** Returns the access key with which a request was signed. */
  private AccessKey signer(StubCall call) {
    String header = String.valueOf(call.headers().get("Authorization"));
    Matcher parts = AUTHORIZATION.matcher(header);
    if (!parts.matches()) {
      throw refused(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
    }
    AccessKey known = keys.get(parts.group(1));
    if (known == null) {
      throw refused(
          403, "InvalidClientTokenId", "The security token included in the request is invalid.");
    }
    Instant signed = time(String.valueOf(call.headers().get("X-Amz-Date")));
    if (Duration.between(signed, now.get()).abs().compareTo(SKEW) >= 0) {
      throw refused(403, "SignatureDoesNotMatch", "Signature expired or not yet current.");
    }
    SdkHttpFullRequest.Builder unsigned =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create("http://" + call.headers().get("Host") + call.path()));
    Arrays.stream(parts.group(3).split(";"))
        .filter(name -> !name.equals("host") && !name.startsWith("x-amz-"))
        .forEach(name -> unsigned.putHeader(name, String.valueOf(call.headers().get(name))));
    String body = new String(call.request().kept(), 0, call.request().keptLength(), UTF_8);
    SdkHttpRequest again =
        SIGNER
            .sign(
                SignRequest.builder(known.identity())
                    .request(unsigned.build())
                    .payload(ContentStreamProvider.fromUtf8String(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sts")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, parts.group(2))
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(signed, ZoneOffset.UTC))
                    .build())
            .request();
    if (!again.firstMatchingHeader("Authorization").orElse("").equals(header)) {
      throw refused(
          403,
          "SignatureDoesNotMatch",
          "The request signature we calculated does not match the signature you provided.");
    }
    return known;
  }

  static Refused refused(int status, String code, String message) {
    return new Refused(
        xml(
            status,
            """
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>
            <Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>
            """
                .formatted(code, message.replace("&", "&amp;").replace("<", "&lt;"))));
  }

  private static StubResponse xml(int status, String text) {
    return StubResponse.of(status, "text/xml", text.getBytes(UTF_8));
  }
}
