package io.claviger.application.objects;

import io.claviger.application.requests.port.LinkCipher;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.instances.Instance;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Makes gateway addresses for uploads. For the upload of a file, a provider returns an address that
 * accepts the parts of the file without credentials. The gateway encrypts this address and gives
 * the caller a gateway address with the encrypted text. Only the nodes of this deployment can
 * decrypt the address. No method blocks.
 */
public final class UploadLinks {
  /** The time for which an upload address of the gateway is valid. */
  public static final Duration VALID = Duration.ofHours(24);

  /** The name of the query parameter that contains the sealed text of an upload. */
  public static final String PARAMETER = "claviger_upload";

  /**
   * The first line of a sealed upload. This line distinguishes uploads from other texts that are
   * sealed with the same cipher.
   */
  private static final String MARK = "upload";

  private static final int LINES = 9;

  /** The maximum length of a sealed text, in characters. */
  private static final int LONGEST = 6_000;

  private final LinkCipher cipher;
  private final Supplier<URI> gateway;

  /**
   * @param gateway the function that returns the gateway's URL as callers see it, without a
   *     trailing slash
   */
  public UploadLinks(LinkCipher cipher, Supplier<URI> gateway) {
    this.cipher = cipher;
    this.gateway = gateway;
  }

  /**
   * An upload in progress.
   *
   * @param service the service of the upload
   * @param token the hash of the access token that began the upload
   * @param key an opaque text that identifies the service's or caller's key with which the upload
   *     began
   * @param path the gateway's path at which the upload continues
   * @param authority the provider's host and port
   * @param below the relative path from the service's endpoint to the provider's upload address
   * @param query the query of the provider's upload address; empty if there is none
   * @param until the time at which the upload expires
   */
  public record Upload(
      Instance.Id service,
      TokenHash token,
      String key,
      String path,
      String authority,
      String below,
      String query,
      Instant until) {
    @Override
    public String toString() {
      return "Upload[hidden]";
    }
  }

  /**
   * Returns an address at the gateway that contains the sealed upload. Requests to this address
   * need an access token, like all requests to the gateway.
   *
   * @param path the gateway's path for the address
   */
  public String address(String path) {
    return gateway.get() + path;
  }

  /** Returns the gateway's address for continuing the upload. */
  public String write(Upload upload) {
    List<String> lines =
        List.of(
            MARK,
            upload.service().value().toString(),
            HexFormat.of().formatHex(upload.token().bytes()),
            upload.key(),
            Long.toString(upload.until().getEpochSecond()),
            upload.path(),
            upload.authority(),
            upload.below(),
            upload.query());
    String sealed =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                cipher.encrypt(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
    return gateway.get() + upload.path() + "?" + PARAMETER + "=" + sealed;
  }

  /**
   * Opens a sealed text. The result is empty if the text was not sealed by a node of this
   * deployment, or if the upload can no longer be continued.
   *
   * @param path the path of the gateway that the request called
   */
  public Optional<Upload> read(String sealed, String path, Instant now) {
    if (sealed.length() > LONGEST) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(sealed);
    } catch (IllegalArgumentException notSealed) {
      return Optional.empty();
    }
    return cipher
        .decrypt(bytes)
        .flatMap(content -> parsed(new String(content, StandardCharsets.UTF_8)))
        .filter(upload -> upload.path().equals(path) && now.isBefore(upload.until()));
  }

  private static Optional<Upload> parsed(String content) {
    List<String> lines = new ArrayList<>(List.of(content.split("\n", -1)));
    if (lines.size() != LINES || !lines.getFirst().equals(MARK)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Upload(
              new Instance.Id(UUID.fromString(lines.get(1))),
              new TokenHash(HexFormat.of().parseHex(lines.get(2))),
              lines.get(3),
              lines.get(5),
              lines.get(6),
              lines.get(7),
              lines.get(8),
              Instant.ofEpochSecond(Long.parseLong(lines.get(4)))));
    } catch (IllegalArgumentException | DateTimeException otherVersion) {
      return Optional.empty();
    }
  }
}
