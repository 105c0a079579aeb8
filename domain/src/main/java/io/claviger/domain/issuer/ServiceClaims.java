package io.claviger.domain.issuer;

import static io.claviger.domain.formats.JsonText.quoted;

import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * The claims in a statement about a service: the service's subject, the audience, and the
 * statement's lifetime.
 *
 * @param subject the subject of the service: {@link #subject} or {@link #subjectOfReceiver}
 * @param jti the unique id of the statement
 */
public record ServiceClaims(
    Issuer issuer, String subject, Instance.Ref ref, String audience, Instant issuedAt, UUID jti) {
  /** The time for which a statement can be exchanged for a token. */
  public static final Duration LIFETIME = Duration.ofMinutes(5);

  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  /**
   * Returns the subject of all statements about a service whose present owner set up the
   * federation. The subject stays the same when the service is renamed.
   */
  public static String subject(Instance.Id service) {
    return "service:" + service.value();
  }

  /**
   * Returns the subject of all statements about a service whose present owner received it in a
   * transfer together with the federation. These statements must not have the subject from {@link
   * #subject}, because the provider gives that subject access to the former owner's account. The
   * present owner, who decides where statements are sent, could then reach this account.
   */
  public static String subjectOfReceiver(Instance.Id service, User.Id owner) {
    return "owner:" + owner.value() + ":" + subject(service);
  }

  /**
   * Returns the first two parts of the JWT (RFC 7515, 5.1). The signature covers these two parts.
   *
   * @param kid the id of the key that signs
   * @param type the type of the JWT, for its header
   */
  public String signingInput(String kid, String type) {
    String header =
        "{\"alg\":\"RS256\",\"typ\":%s,\"kid\":%s}".formatted(quoted(type), quoted(kid));
    return encoded(header) + "." + encoded(claims());
  }

  private String claims() {
    long issued = issuedAt.getEpochSecond();
    return """
    {"iss":%s,"sub":%s,"aud":%s,"iat":%s,"exp":%s,"jti":"%s","claviger/owner":%s,\
    "claviger/handle":%s}"""
        .formatted(
            quoted(issuer.value()),
            quoted(subject),
            quoted(audience),
            issued,
            issued + LIFETIME.toSeconds(),
            jti,
            quoted(ref.owner().value()),
            quoted(ref.handle().value()));
  }

  private static String encoded(String json) {
    return BASE64URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
