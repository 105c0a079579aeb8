package io.claviger.domain.keys;

/**
 * Decides whether a write may change an instance's secrets. The components of this record are the
 * facts on which the decision depends.
 *
 * @param keyless whether no key is sent after the write, because the placement is {@code none}
 * @param destinationMoves whether a secret might be sent to another destination after the write.
 *     True if the write changes the destination, or lets callers send further headers or query
 *     parameters. Headers and parameters matter because a proxy behind the endpoint might use them
 *     to choose the server to which it sends a secret
 * @param keyStored whether a key is stored before the write
 * @param headersStored whether header values are stored before the write
 * @param key what the write does to the key
 * @param headers what the write does to the header values
 * @param destinationKnown whether the caller knows where the secret will be sent. The caller knows
 *     this in three cases: the request that contains the write names the endpoint; the caller has
 *     set the stored endpoint; or the request names a definition with this endpoint, and the
 *     definition belongs to the caller or to {@code _system}.
 */
public record SecretUpdate(
    boolean keyless,
    boolean destinationMoves,
    boolean keyStored,
    boolean headersStored,
    SecretAction key,
    SecretAction headers,
    boolean destinationKnown) {

  /** What a write does to a secret. */
  public enum SecretAction {
    KEEP,
    CLEAR,
    REPLACE
  }

  /** The decision whether the write is allowed, or why it is refused. */
  public enum Ruling {
    FINE,
    /** The service's API standard sends no key, so no key can be stored. */
    TAKES_NO_KEY,
    /**
     * The stored secret is bound to the old destination. The write must replace or clear the
     * secret.
     */
    KEY_BOUND_TO_DESTINATION,
    /**
     * The header values change, and a proxy behind the endpoint might send the key to a server that
     * a header names. The write must replace or clear the stored key.
     */
    KEY_BOUND_TO_HEADERS,
    /** The write must name the endpoint to which the secret may be sent. */
    DESTINATION_REQUIRED
  }

  public Ruling judge() {
    boolean keyStays = keyStored && key == SecretAction.KEEP;
    boolean headersStay = headersStored && headers == SecretAction.KEEP;
    if (destinationMoves && (keyStays || headersStay)) {
      return Ruling.KEY_BOUND_TO_DESTINATION;
    }
    if (keyless && (key == SecretAction.REPLACE || keyStays)) {
      return Ruling.TAKES_NO_KEY;
    }
    if (keyStays && headers == SecretAction.REPLACE) {
      return Ruling.KEY_BOUND_TO_HEADERS;
    }
    boolean brings = key == SecretAction.REPLACE || headers == SecretAction.REPLACE;
    return brings && !destinationKnown ? Ruling.DESTINATION_REQUIRED : Ruling.FINE;
  }
}
