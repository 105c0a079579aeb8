package io.claviger.stub;

import static io.claviger.stub.JsonTemplates.quoted;
import static io.claviger.stub.TokenUrls.refused;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The token URLs that exchange statements signed by a trusted issuer for tokens: {@code
 * /tokens/openai}, {@code /tokens/anthropic}, {@code /tokens/google-sts} and {@code
 * /tokens/google-impersonation}, {@code /tokens/azure}, and {@code /tokens/exchange} by RFC 8693.
 * Signatures are verified with the issuer's published key set. Each statement is accepted only
 * once.
 */
final class FederationTokens {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int HOUR = 3_600;

  private record Rule(String at, String subject, String audience, Map<String, String> fields) {}

  private final TokenUrls tokens;
  private final Map<String, Supplier<String>> issuers = new ConcurrentHashMap<>();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  FederationTokens(TokenUrls tokens) {
    this.tokens = tokens;
  }

  void issuer(String issuer, Supplier<String> keySet) {
    issuers.put(issuer, keySet);
  }

  void rule(String at, String subject, String audience, Map<String, String> fields) {
    rules.add(new Rule(at, subject, audience, Map.copyOf(fields)));
  }

  void forget() {
    issuers.clear();
    rules.clear();
  }

  /**
   * Returns the subject of a statement, if a rule accepts the statement at this address or for this
   * AWS role.
   *
   * @throws Refused if there is no such rule, or if the statement is not valid now
   */
  String subject(StubCall call, String at, @Nullable String statement) {
    if (statement == null) {
      throw refused(400, "invalid_request", "There is no statement.");
    }
    Supplier<String> keySet = issuers.get(StatementCheck.claim(statement, "iss"));
    if (keySet == null) {
      throw refused(401, "invalid_grant", "The issuer is not trusted.");
    }
    String subject = StatementCheck.claim(statement, "sub");
    Rule rule =
        rules.stream()
            .filter(each -> each.at().equals(at) && each.subject().equals(subject))
            .findFirst()
            .orElseThrow(() -> refused(401, "invalid_grant", "No rule has this subject."));
    StatementCheck.Claims claims =
        tokens
            .statements()
            .verified(
                statement,
                key(keySet.get(), StatementCheck.header(statement, "kid")),
                Set.of(rule.audience()),
                tokens.now());
    if (!tokens.statements().isFirst(claims)) {
      throw refused(400, "invalid_grant", "The statement was used before, or has no jti.");
    }
    rule.fields()
        .forEach(
            (name, value) -> {
              if (!value.equals(call.fields().scalar(name))) {
                throw refused(400, "invalid_request", name + " is another one.");
              }
            });
    return subject;
  }

  private static PublicKey key(String keySet, String kid) {
    for (JsonNode key : JSON.readTree(keySet).path("keys")) {
      if (kid.equals(key.path("kid").asString(""))) {
        try {
          return KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e")));
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    throw refused(401, "invalid_grant", "The key set has no key of this id.");
  }

  private static BigInteger number(JsonNode key, String name) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(name).asString("")));
  }

  private static void demand(StubCall call, String field, String value) {
    if (!value.equals(call.fields().scalar(field))) {
      throw refused(400, "invalid_request", field + " has to be " + value);
    }
  }

  private String exchanged(StubCall call, String at) {
    demand(call, "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    demand(call, "subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    return subject(call, at, call.fields().scalar("subject_token"));
  }

  /** The issued token expires no later than the statement. */
  StubResponse openai(StubCall call) {
    demandJson(call);
    String subject = exchanged(call, "openai");
    String statement = String.valueOf(call.fields().scalar("subject_token"));
    long left =
        Long.parseLong(StatementCheck.claim(statement, "exp")) - tokens.now().getEpochSecond();
    return tokens.token(subject, (int) left);
  }

  StubResponse anthropic(StubCall call) {
    demandJson(call);
    demand(call, "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    return tokens.token(subject(call, "anthropic", call.fields().scalar("assertion")), 600);
  }

  private static void demandJson(StubCall call) {
    if (!String.valueOf(call.headers().get("Content-Type")).startsWith("application/json")) {
      throw refused(415, "invalid_request", "Send JSON.");
    }
  }

  StubResponse google(StubCall call) {
    demand(call, "requested_token_type", "urn:ietf:params:oauth:token-type:access_token");
    String subject = exchanged(call, "google-sts");
    if (call.fields().scalar("scope") == null) {
      throw refused(400, "invalid_request", "Scope is missing.");
    }
    return tokens.token(subject, HOUR);
  }

  /**
   * Answers a call to Google's API for service account tokens. Callers present a token from the
   * exchange.
   */
  StubResponse impersonate(StubCall call) {
    String header = String.valueOf(call.headers().get("Authorization"));
    String own = header.startsWith("Bearer ") ? header.substring(7) : "";
    if (own.isEmpty() || tokens.refuses(own)) {
      return StubResponse.json(
          401,
          "{\"error\": {\"code\": 401, \"message\": \"Request had invalid credentials.\","
              + " \"status\": \"UNAUTHENTICATED\"}}");
    }
    Instant expires = tokens.now().plusSeconds(900);
    demand(call, "lifetime", "900s");
    return StubResponse.json(
        200,
        "{\"accessToken\": %s, \"expireTime\": %s}"
            .formatted(
                quoted(tokens.issue("account of " + tokens.account(own), 900)),
                quoted(expires.toString())));
  }

  StubResponse azure(StubCall call) {
    demand(call, "grant_type", "client_credentials");
    demand(call, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    return tokens.token(subject(call, "azure", call.fields().scalar("client_assertion")), HOUR);
  }

  StubResponse standard(StubCall call) {
    return tokens.token(exchanged(call, "exchange"), 600);
  }
}
