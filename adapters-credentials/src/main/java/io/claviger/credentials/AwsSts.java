package io.claviger.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.credentials.Attempt.Failed;
import io.claviger.domain.credentials.TokenUrl;
import java.io.ByteArrayInputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Calls AWS's Security Token Service (STS), which issues temporary access keys to callers who may
 * assume a role. The STS API accepts forms. The API answers in XML, except if a request accepts
 * only JSON.
 */
final class AwsSts {
  /** The lifetime of the requested access keys: the shortest that AWS allows. */
  static final Duration LIFETIME = Duration.ofMinutes(15);

  private static final int DEEPEST = 20;
  private static final Set<String> BUSY =
      Set.of("Throttling", "ThrottlingException", "RequestLimitExceeded", "IDPCommunicationError");

  private final TokenUrl url;
  private final TokenHttp.Exchange exchange;
  private final Instant now;

  /**
   * @param now the present time according to this node's clock
   */
  AwsSts(TokenUrl url, TokenHttp.Exchange exchange, Instant now) {
    this.url = url;
    this.exchange = exchange;
    this.now = now;
  }

  /**
   * Creates a factory of XML readers for a single answer. Factories are not reused, because a
   * factory keeps its last reader in memory, and the reader keeps the answer's text.
   */
  private static XMLInputFactory withoutEntities() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /**
   * A temporary access key.
   *
   * @param lifetime the remaining lifetime of the access key
   * @param time the present time according to AWS's clock, for signatures with this access key;
   *     empty if AWS has not stated the time
   */
  record Temporary(AwsSignature.Identity identity, Duration lifetime, Optional<Instant> time) {}

  /** Assumes a role with an access key. */
  Temporary assumeRole(AwsSignature.Identity identity, String region, String role, String session)
      throws Failed {
    String form = form("AssumeRole", role, session, Map.of());
    String path = url.path().isEmpty() ? "/" : url.path();
    return temporary(
        answer(
            form,
            AwsSignature.headers(identity, region, "sts", now, url.base().authority(), path, form)),
        Undisclosed.of(identity.secretAccessKey()));
  }

  /** Assumes a role with a statement signed by an issuer other than AWS. */
  Temporary assumeRoleWithWebIdentity(String statement, String role, String session) throws Failed {
    String form =
        form("AssumeRoleWithWebIdentity", role, session, Map.of("WebIdentityToken", statement));
    return temporary(answer(form, Map.of()), Undisclosed.of(statement));
  }

  private TokenHttp.Answer answer(String form, Map<String, String> headers) throws Failed {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Accept", "text/xml");
    return exchange.post(url, "application/x-www-form-urlencoded", form.getBytes(UTF_8), all);
  }

  private static String form(String action, String role, String session, Map<String, String> more) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Action", action);
    fields.put("Version", "2011-06-15");
    fields.put("RoleArn", role);
    fields.put("RoleSessionName", session);
    fields.put("DurationSeconds", Long.toString(LIFETIME.toSeconds()));
    fields.putAll(more);
    return TokenHttp.encoded(fields);
  }

  private Temporary temporary(TokenHttp.Answer answer, Undisclosed undisclosed) throws Failed {
    Map<String, String> texts;
    try {
      texts = texts(answer.body());
    } finally {
      answer.wipe();
    }
    if (answer.status() != 200) {
      String code = texts.getOrDefault("Code", "");
      throw AnsweredToken.refused(
          answer,
          undisclosed.shown((code + " " + texts.getOrDefault("Message", "")).strip()),
          BUSY.contains(code));
    }
    return temporary(
        texts.getOrDefault("AccessKeyId", ""),
        texts.getOrDefault("SecretAccessKey", ""),
        texts.getOrDefault("SessionToken", ""),
        texts.getOrDefault("Expiration", ""),
        answer.time(),
        answer.latestTime());
  }

  /**
   * Checks a temporary access key from AWS.
   *
   * @param time the present time according to the clock of whoever answered
   * @param ofAws as in {@link Temporary}
   */
  static Temporary temporary(
      String id,
      String secret,
      String token,
      String expiration,
      Instant time,
      Optional<Instant> ofAws)
      throws Failed {
    if (id.isEmpty() || secret.isEmpty() || token.isEmpty()) {
      throw new Failed(
          Cause.MISCONFIGURED, "The answer has no access key. Is this the right address?");
    }
    Instant ends;
    try {
      ends = Instant.parse(expiration);
    } catch (DateTimeException e) {
      throw new Failed(
          Cause.MISCONFIGURED, "The answer does not say when the temporary access key expires.");
    }
    if (!ends.isAfter(time)) {
      throw new Failed(
          Cause.MISCONFIGURED, "The temporary access key had already expired when it arrived.");
    }
    return new Temporary(
        new AwsSignature.Identity(id, secret, Optional.of(token)),
        Duration.between(time, ends),
        ofAws);
  }

  /**
   * Returns the texts of all elements of an XML document, keyed by the names of the elements. The
   * result is empty if the document is not XML or has a DTD.
   */
  private static Map<String, String> texts(byte[] body) {
    Map<String, String> texts = new HashMap<>();
    try {
      XMLStreamReader reader =
          withoutEntities().createXMLStreamReader(new ByteArrayInputStream(body));
      String element = "";
      int depth = 0;
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.DTD -> {
            return Map.of();
          }
          case XMLStreamConstants.START_ELEMENT -> {
            element = reader.getLocalName();
            if (++depth > DEEPEST) {
              return Map.of();
            }
          }
          case XMLStreamConstants.END_ELEMENT -> {
            element = "";
            depth--;
          }
          case XMLStreamConstants.CHARACTERS -> {
            if (!element.isEmpty() && !reader.isWhiteSpace()) {
              texts.putIfAbsent(element, reader.getText().strip());
            }
          }
          default -> {}
        }
      }
      return texts;
    } catch (XMLStreamException e) {
      return Map.of();
    }
  }
}
