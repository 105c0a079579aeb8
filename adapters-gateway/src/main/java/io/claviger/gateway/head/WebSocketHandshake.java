package io.claviger.gateway.head;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The opening handshake of a WebSocket (RFC 6455, 4). */
public final class WebSocketHandshake {
  private static final String VERSION = "13";
  private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;
  private static final String SESSION = "realtime";

  /**
   * A subprotocol that older SDKs offer; servers need not choose it. Azure is the only provider
   * that still supports this subprotocol.
   */
  private static final String BETA = "openai-beta.realtime-v1";

  private static final String TOKEN_PROTOCOL = "openai-insecure-api-key.";

  /**
   * The beginning of a subprotocol. OpenAI's SDKs identify themselves with such a subprotocol if
   * they can't set a header.
   */
  private static final String SDK_PROTOCOL = "openai-agents-sdk.";

  private static final String DEFLATE = "permessage-deflate";

  /**
   * The compression parameters that Java supports. The gateway can't accept an offer with any other
   * parameter, such as a smaller window.
   */
  private static final Pattern COMPRESSION =
      Pattern.compile(
          DEFLATE
              + "(?:\\s*;\\s*(?:server_no_context_takeover|client_no_context_takeover"
              + "|client_max_window_bits(?:\\s*=\\s*\"?(?:8|9|1[0-5])\"?)?"
              + "|server_max_window_bits\\s*=\\s*\"?15\"?)){0,4}");

  private WebSocketHandshake() {}

  /**
   * Checks everything in the handshake except the access token and the path. Clients offer
   * extensions: the gateway may accept one of them.
   *
   * @param use the protocol that is used on WebSockets at this path
   * @throws CallRefused if the handshake is wrong; the error says what is wrong
   */
  static void check(HttpRequest request, SocketUse use) {
    HttpHeaders headers = request.headers();
    demand(
        request.protocolVersion().equals(HttpVersion.HTTP_1_1)
            && headers.getAll(HttpHeaderNames.UPGRADE).size() == 1
            && headers.get(HttpHeaderNames.UPGRADE, "").equalsIgnoreCase("websocket")
            && headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true),
        "A WebSocket handshake needs HTTP/1.1, Upgrade: websocket and Connection: Upgrade.");
    demand(
        headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION).equals(List.of(VERSION)),
        "The gateway speaks version 13 of WebSocket.");
    demand(
        headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY).size() == 1 && isKey(keyOf(request)),
        "Sec-WebSocket-Key must occur once, with 16 bytes in Base64.");
    checkProtocols(request, use == SocketUse.SESSION);
    demand(
        !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
            && BodyLength.of(headers).bytes() == 0
            && !headers.contains(HttpHeaderNames.EXPECT),
        "A WebSocket handshake must not have a body.");
  }

  private static void checkProtocols(HttpRequest request, boolean session) {
    List<String> offered = protocols(request.headers());
    demand(
        session || !request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL),
        "The gateway knows no subprotocol for this path.");
    demand(
        offered.stream()
            .allMatch(
                each ->
                    each.equals(SESSION)
                        || each.equals(BETA)
                        || each.startsWith(SDK_PROTOCOL)
                        || each.startsWith(TOKEN_PROTOCOL)),
        "The gateway knows the subprotocols realtime and openai-insecure-api-key.{token} here.");
    demand(
        offered.isEmpty() || offered.contains(SESSION),
        "Offer the subprotocol realtime too, because it is the only subprotocol with which the"
            + " gateway can answer.");
  }

  private static List<String> protocols(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::strip)
        .toList();
  }

  /**
   * The subprotocol that the gateway chooses from the client's offers; empty if it chooses none.
   */
  public static Optional<String> protocol(HttpRequest request) {
    return Optional.of(SESSION).filter(protocols(request.headers())::contains);
  }

  /**
   * The subprotocols that the gateway offers to the provider; an empty text if it offers none.
   *
   * @param preview whether to offer the subprotocol for the preview version of the provider's API,
   *     if the client offered this subprotocol
   */
  public static String offer(HttpRequest request, boolean preview) {
    List<String> offered = protocols(request.headers());
    String all = offered.contains(SESSION) ? SESSION : "";
    return preview && offered.contains(BETA) ? all + ", " + BETA : all;
  }

  /**
   * The answer to the client's offer to compress messages; empty if the gateway accepts no offer.
   */
  public static Optional<String> compression(HttpRequest request) {
    return request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS).stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .anyMatch(offer -> COMPRESSION.matcher(offer).matches())
        ? Optional.of(DEFLATE + "; server_no_context_takeover; client_no_context_takeover")
        : Optional.empty();
  }

  /**
   * Returns the tokens that scripts of web pages send as subprotocols, because scripts can't set
   * headers.
   */
  static List<String> tokens(HttpHeaders headers) {
    return protocols(headers).stream()
        .filter(each -> each.startsWith(TOKEN_PROTOCOL))
        .map(each -> each.substring(TOKEN_PROTOCOL.length()))
        .toList();
  }

  private static void demand(boolean met, String otherwise) {
    if (!met) {
      throw new CallRefused(CallError.badRequest(otherwise));
    }
  }

  private static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text).length == KEY_BYTES;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /** The key that the client chose for the handshake (RFC 6455, 4.1). */
  public static String keyOf(HttpRequest request) {
    return request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "");
  }

  /**
   * Returns the value with which a server has to answer the key that a client sent. The protocol
   * prescribes SHA-1 here. The security of the connection does not depend on this hash.
   */
  public static String accept(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + SUFFIX).getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks SHA-1", e);
    }
  }
}
