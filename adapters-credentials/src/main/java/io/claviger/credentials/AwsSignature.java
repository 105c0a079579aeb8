package io.claviger.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.Sha256;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests to AWS with Signature Version 4. AWS's own library has a signer that keeps the
 * secret access keys of the last 300 services in memory, so Claviger does not use it. The stub
 * provider verifies these signatures with AWS's signer.
 */
final class AwsSignature {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String BEDROCK = "bedrock.amazonaws.com";

  /** The identity with which requests are signed. */
  record Identity(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {
    @Override
    public String toString() {
      return "Identity[" + accessKeyId + "]";
    }
  }

  private final Identity identity;
  private final String region;
  private final String service;
  private final String time;

  private AwsSignature(Identity identity, String region, String service, Instant now) {
    this.identity = identity;
    this.region = region;
    this.service = service;
    this.time = TIME.format(now);
  }

  /**
   * Creates a short-term key for Bedrock. The key is a Base64-encoded request to AWS for the action
   * {@code CallWithBearerToken}. The query of the request contains the signature. The request
   * itself is never sent.
   */
  static byte[] bedrockKey(Identity identity, String region, Instant now, Duration lifetime) {
    AwsSignature signature = new AwsSignature(identity, region, "bedrock", now);
    Map<String, String> query = new TreeMap<>();
    query.put("Action", "CallWithBearerToken");
    query.put("X-Amz-Algorithm", ALGORITHM);
    query.put("X-Amz-Credential", identity.accessKeyId() + "/" + signature.scope());
    query.put("X-Amz-Date", signature.time);
    query.put("X-Amz-Expires", Long.toString(lifetime.toSeconds()));
    query.put("X-Amz-SignedHeaders", "host");
    identity.sessionToken().ifPresent(token -> query.put("X-Amz-Security-Token", token));
    String canonical =
        query.entrySet().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    String signed =
        signature.of("POST\n/\n" + canonical + "\nhost:" + BEDROCK + "\n\nhost\n" + Sha256.hex(""));
    String request = BEDROCK + "/?" + canonical + "&X-Amz-Signature=" + signed + "&Version=1";
    return ("bedrock-api-key-" + Base64.getEncoder().encodeToString(request.getBytes(UTF_8)))
        .getBytes(UTF_8);
  }

  /**
   * Returns the signed headers of a POST request.
   *
   * @param host the value of the request's {@code Host} header
   */
  static Map<String, String> headers(
      Identity identity,
      String region,
      String service,
      Instant now,
      String host,
      String path,
      String body) {
    AwsSignature signature = new AwsSignature(identity, region, service, now);
    Map<String, String> signed = new TreeMap<>();
    signed.put("host", host);
    signed.put("x-amz-content-sha256", Sha256.hex(body));
    signed.put("x-amz-date", signature.time);
    identity.sessionToken().ifPresent(token -> signed.put("x-amz-security-token", token));
    String names = String.join(";", signed.keySet());
    StringBuilder canonical = new StringBuilder("POST\n").append(path).append("\n\n");
    signed.forEach((name, value) -> canonical.append(name).append(':').append(value).append('\n'));
    canonical.append('\n').append(names).append('\n').append(Sha256.hex(body));
    String authorization =
        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(
                ALGORITHM,
                identity.accessKeyId(),
                signature.scope(),
                names,
                signature.of(canonical.toString()));
    Map<String, String> headers = new TreeMap<>(signed);
    headers.remove("host");
    headers.put("Authorization", authorization);
    return headers;
  }

  private String scope() {
    return time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
  }

  private String of(String canonicalRequest) {
    byte[] key = ("AWS4" + identity.secretAccessKey()).getBytes(UTF_8);
    for (String part : new String[] {time.substring(0, 8), region, service, "aws4_request"}) {
      byte[] next = hmac(key, part);
      Arrays.fill(key, (byte) 0);
      key = next;
    }
    String toSign = ALGORITHM + "\n" + time + "\n" + scope() + "\n" + Sha256.hex(canonicalRequest);
    try {
      return HexFormat.of().formatHex(hmac(key, toSign));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks HMAC with SHA-256", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
