package io.claviger.stub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verifies JSON Web Tokens that others have signed (RFC 7515, 7519, 7523): the signature, the
 * audience and the times. Also checks that no token is used twice. This class uses only the JDK, so
 * that it shares no errors with the library that signed the tokens.
 */
final class StatementCheck {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SKEW = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private final Set<String> seen =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > MOST;
            }
          });

  /** The claims of a statement with a valid signature. */
  record Claims(JsonNode node) {
    /** Returns the text of a claim; an empty text if there is no such claim. */
    String text(String name) {
      return node.path(name).asString("");
    }

    long number(String name) {
      return node.path(name).asLong(0);
    }
  }

  /**
   * Reads a claim before the signature is verified, to find out who should have signed the
   * statement.
   */
  static String claim(String statement, String name) {
    return part(statement, 1).path(name).asString("");
  }

  /** Reads a field of the statement's header before the signature is verified. */
  static String header(String statement, String name) {
    return part(statement, 0).path(name).asString("");
  }

  /**
   * Verifies a statement.
   *
   * @param audiences the accepted audiences
   * @throws Refused if the statement is not valid now
   */
  Claims verified(String statement, PublicKey key, Set<String> audiences, Instant now) {
    Claims claims = new Claims(part(statement, 1));
    if (!isSigned(statement, key)) {
      throw invalid("Invalid JWT Signature.");
    }
    JsonNode audience = claims.node().path("aud");
    boolean meant =
        audience.isArray()
            ? StreamSupport.stream(audience.spliterator(), false)
                .anyMatch(each -> audiences.contains(each.asString("")))
            : audiences.contains(audience.asString(""));
    if (!meant) {
      throw invalid("Invalid JWT: the audience is not this server.");
    }
    Instant issued = Instant.ofEpochSecond(claims.number("iat"));
    Instant expires = Instant.ofEpochSecond(claims.number("exp"));
    if (issued.isAfter(now.plus(SKEW))
        || !expires.isAfter(now)
        || expires.isAfter(issued.plus(LONGEST))) {
      throw invalid(
          "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable"
              + " timeframe. Check your iat and exp values in the JWT claim.");
    }
    return claims;
  }

  /** Whether a statement has an id that no earlier statement had. */
  synchronized boolean isFirst(Claims claims) {
    return !claims.text("jti").isEmpty() && seen.add(claims.text("jti"));
  }

  private static JsonNode part(String statement, int number) {
    String[] parts = statement.split("\\.", -1);
    try {
      if (parts.length == 3) {
        return JSON.readTree(Base64.getUrlDecoder().decode(parts[number]));
      }
    } catch (IllegalArgumentException | JacksonException e) {
      throw (Refused) invalid("Invalid JWT: it can't be read.").initCause(e);
    }
    throw invalid("Invalid JWT: it does not have three parts.");
  }

  private static boolean isSigned(String statement, PublicKey key) {
    int end = statement.lastIndexOf('.');
    try {
      Signature signature = algorithm(header(statement, "alg"));
      signature.initVerify(key);
      signature.update(statement.substring(0, end).getBytes(US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(statement.substring(end + 1)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static Signature algorithm(String name) throws GeneralSecurityException {
    return switch (name) {
      case "RS256" -> Signature.getInstance("SHA256withRSA");
      case "PS256" -> {
        Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        yield pss;
      }
      case "ES256" -> Signature.getInstance("SHA256withECDSAinP1363Format");
      case "ES384" -> Signature.getInstance("SHA384withECDSAinP1363Format");
      case "ES512" -> Signature.getInstance("SHA512withECDSAinP1363Format");
      default -> throw invalid("Invalid JWT: the algorithm is not accepted.");
    };
  }

  private static Refused invalid(String why) {
    return TokenUrls.refused(400, "invalid_grant", why);
  }
}
