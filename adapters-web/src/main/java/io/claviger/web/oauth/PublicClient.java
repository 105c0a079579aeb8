package io.claviger.web.oauth;

import io.claviger.web.server.Form;

/**
 * The only client that is registered. The client has no secret, because any program can claim to be
 * this client.
 */
final class PublicClient {
  private static final String ID = "claviger";

  private PublicClient() {}

  static void demand(Form form) {
    String client =
        form.value("client_id")
            .orElseThrow(() -> new OAuthException("invalid_request", "client_id is missing."));
    if (!client.equals(ID)) {
      throw new OAuthException("invalid_client", "The client_id is " + ID + ".");
    }
    if (form.value("client_secret").isPresent()) {
      throw new OAuthException("invalid_client", "This client has no secret. Send none.");
    }
  }
}
