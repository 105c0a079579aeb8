package io.claviger.client.http;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.text.TerminalText;
import java.net.URI;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The URL that a server states for its gateway, or for a service on the gateway. Other programs get
 * this URL together with an access token, and store the URL in their settings, so the URL may
 * contain only the characters that such URLs need. The URL may not contain any character that a
 * program or a shell would replace.
 */
public record GatewayUrl(String text) {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "https?://(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?");

  public GatewayUrl {
    if (!ADDRESS.matcher(text).matches() || !ServerUrl.hasPossiblePort(URI.create(text))) {
      throw ClientFault.of(
          "the server names no address of its gateway that can be called: "
              + TerminalText.line(text));
    }
  }

  /** Returns the URL of the gateway, which ends in {@code /gateway}. */
  public static GatewayUrl of(Api api) {
    return reached(api, JsonTrees.text(api.startPage(), "gateway"));
  }

  /** Returns the URL of one service on the gateway. */
  public static GatewayUrl ofService(Api api, JsonNode service) {
    return reached(api, JsonTrees.text(service, "gateway_url"));
  }

  /**
   * Returns the URL, unless it is a plain HTTP URL and the user has not permitted plain HTTP for
   * the server. With such a URL, an access token would be sent unencrypted.
   */
  private static GatewayUrl reached(Api api, String text) {
    GatewayUrl url = new GatewayUrl(text);
    if (ServerUrl.isReadable(url.uri()) && !ServerUrl.isReadable(api.server())) {
      throw ClientFault.of(
          "the server names a gateway to which others on the network could read the access token: "
              + text,
          "Ask the gateway's operator for an https:// address. If nobody else"
              + " uses the network, sign in at the server's http:// address, with"
              + " --plain-http.");
    }
    return url;
  }

  public GatewayUrl under(String path) {
    return new GatewayUrl(text + "/" + path);
  }

  public URI uri() {
    return URI.create(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
